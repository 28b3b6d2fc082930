import { shortened } from './format.ts';
import { html } from './html.ts';
import { firstOfEachClass, pictureStrip } from './pictures.ts';
import type { Section } from './section.ts';
import type { Study } from './study.ts';

/** The sheet holds about this many images, but at least three of each class. */
const imagesOnSheet = 310;

/** More classes than this do not fit on a sheet. */
const mostClasses = 100;

/** A few images of each class, so that a mistake in reading the data is seen at once. */
export function samplesSection(study: Study): Section | undefined {
  const { images, classes } = study;
  if (images === undefined || classes.length === 0) return undefined;
  const shown = classes.slice(0, mostClasses);
  const each = Math.max(3, Math.min(10, Math.round(imagesOnSheet / shown.length)));
  const rows = firstOfEachClass(images, shown.length, each);
  const tiles = shown.map((name, label) => {
    const mine = rows[label] ?? [];
    const title = shortened(name, 24);
    const pictures =
      mine.length === 0 ? undefined : pictureStrip(images, mine, `${mine.length} samples of class ${title}`);
    return html`<li><span class="class">${title}</span>${pictures}</li>`;
  });
  const left = classes.length - shown.length;
  return {
    id: 'samples',
    heading: 'Samples',
    body: html`<p>The first images of each class${left > 0 ? `; ${left} more classes are left out` : ''}.</p><ul class="sheet">${tiles}</ul>`,
  };
}
