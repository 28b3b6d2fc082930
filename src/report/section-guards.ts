import { guardsOf } from './guards.ts';
import { html, type Markup } from './html.ts';
import { type Section, scrollable } from './section.ts';
import type { Study } from './study.ts';

/** What studies are often spoilt by, and whether it was found here. */
export function guardsSection(study: Study): Section {
  const caption = 'Checks';
  const rows = guardsOf(study).map(({ checked, findings, sound }): Markup => {
    const found = findings.length > 0;
    const body = found ? html`<ul class="notes">${findings.map((one) => html`<li>${one}</li>`)}</ul>` : sound;
    return html`<tr><th scope="row" class="plain">${checked}</th><td>${found ? html`<strong>look</strong>` : 'sound'}</td><td>${body}</td></tr>`;
  });
  return {
    id: 'guards',
    heading: 'What was checked',
    body: scrollable(
      caption,
      html`<table class="guards"><caption class="hidden">${caption}</caption><thead><tr><th scope="col">Check</th><th scope="col">Verdict</th><th scope="col">Found</th></tr></thead><tbody>${rows}</tbody></table>`,
    ),
  };
}
