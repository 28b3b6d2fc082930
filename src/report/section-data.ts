import { count, counted, listed, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import type { DataFacts, SplitFacts, Study } from './study.ts';

function dataLine(data: DataFacts, split: SplitFacts | undefined): Markup {
  const sizes =
    split === undefined
      ? ''
      : ` Divided into ${count(split.train)} training, ${count(split.validation)} validation and ${count(split.test)} test rows${split.folds > 0 ? `; the training rows into ${split.folds} folds` : ''}.`;
  const scale = data.scale === '1' ? 'raw pixels' : `pixels divided by ${data.scale}`;
  const content =
    data.features === undefined
      ? `${data.height} × ${data.width} pixels, ${scale}`
      : `${counted(data.features.length, 'feature', 'features')} (${shortened(listed(data.features), 200)})`;
  return html`<p class="data"><strong>Data: ${data.title}</strong>. ${counted(data.rows, 'row', 'rows')}, ${counted(data.classes.length, 'class', 'classes')}, ${content}.${sizes}</p>`;
}

function drawnWarning(): Markup {
  return html`<p class="warning" role="note"><strong>This data is drawn, it is NOT EMNIST.</strong> It is a stand-in for work without the real data set. Its scores must not be compared with scores on EMNIST.</p>`;
}

function notTestWarning(scoredOn: string): Markup {
  return html`<p class="warning" role="note"><strong>The scores are on ${scoredOn} rows.</strong> Only rows that no choice was made on give an unbiased score.</p>`;
}

/** Where the data came from, in plain sight; from the scores themselves for sources that no samples input shows. */
export function dataLines(study: Study): Markup[] {
  const shown = new Set(study.data.map((data) => data.title));
  const others = study.sources.filter((source) => !shown.has(source.title));
  const drawn = [...study.data, ...study.sources].some((source) => source.drawn);
  return [
    ...study.data.map((data) => dataLine(data, study.split)),
    ...others.map((source) => html`<p class="data"><strong>Data: ${source.title}</strong>.</p>`),
    ...(drawn ? [drawnWarning()] : []),
    ...(study.scoredOn === 'test' ? [] : [notTestWarning(study.scoredOn)]),
  ];
}
