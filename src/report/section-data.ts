import { count, counted } from './format.ts';
import { html, type Markup } from './html.ts';
import type { DataFacts, SplitFacts, Study } from './study.ts';

function dataLine(data: DataFacts, split: SplitFacts | undefined): Markup {
  const sizes =
    split === undefined
      ? ''
      : ` Divided into ${count(split.train)} training, ${count(split.validation)} validation and ${count(split.test)} test rows${split.folds > 0 ? `; the training rows into ${split.folds} folds` : ''}.`;
  const scale = data.scale === '1' ? 'raw pixels' : `pixels divided by ${data.scale}`;
  return html`<p class="data"><strong>Data: ${data.title}</strong>. ${counted(data.rows, 'row', 'rows')}, ${counted(data.classes.length, 'class', 'classes')}, ${data.height} × ${data.width} pixels, ${scale}.${sizes}</p>${data.drawn ? drawnWarning() : undefined}`;
}

function drawnWarning(): Markup {
  return html`<p class="warning" role="note"><strong>This data is drawn, it is NOT EMNIST.</strong> It is a stand-in for work without the real data set. Its scores must not be compared with scores on EMNIST.</p>`;
}

/** Where the data came from, in plain sight; nothing when the report was given no samples. */
export function dataLines(study: Study): Markup[] {
  return study.data.map((data) => dataLine(data, study.split));
}
