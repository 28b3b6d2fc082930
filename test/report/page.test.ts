import { describe, expect, it } from 'vitest';
import { collectStudy } from '../../src/report/collect.ts';
import type { ReportInputs } from '../../src/report/collect-inputs.ts';
import { reportPage } from '../../src/report/page.ts';
import { artifactOf, floats, text, toyStudy } from './study-files.ts';

function pageOf(inputs: ReportInputs, title = 'Toy comparison'): string {
  const study = collectStudy(inputs, { title, pipeline: 'pipelines/toy.yaml' });
  if (!study.ok) throw new Error(study.error.message);
  return reportPage(study.value);
}

function sectionsOf(page: string): string[] {
  return [...page.matchAll(/<section id="([a-z]+)"/g)].map((match) => match[1] ?? '');
}

const nothing: readonly never[] = [];

/** Says which text is missing, not the whole page. */
function expectText(page: string, text: string): void {
  expect(page.includes(text), `the page should contain ${text}`).toBe(true);
}

function expectAbsent(page: string, text: string): void {
  expect(page.includes(text), `the page should not contain ${text}`).toBe(false);
}

describe('the page', () => {
  const page = pageOf(toyStudy());

  it('says where the data came from and how it was divided', () => {
    expectText(page, 'Data: Toy characters');
    expectText(page, '40 rows, 4 classes, 3 × 3 pixels, pixels divided by 255.');
    expectText(page, '25 training, 7 validation and 8 test rows; the training rows into 3 folds');
    expectAbsent(page, 'NOT EMNIST');
  });

  it('gives the answer with interval, distance to the next, paired test and cost', () => {
    expectText(page, 'Second net is ahead with 90.0\u00a0% accuracy, but not clearly.');
    expectText(page, '(95 % interval 76.9\u00a0% to 96.0\u00a0%)');
    expectText(page, '15.0 percentage points behind. Their intervals overlap: no difference shown.');
    expectText(page, 'Second net alone is right 8 times and First net alone 2 times');
    expectText(page, 'trained in 12.5\u00a0s, 0.500\u00a0ms a sample to predict, 40 parameters');
  });

  it('puts which model, how sure, at what cost and what next before everything else', () => {
    const tiles = [...page.matchAll(/<dt>(.*?)<\/dt><dd>(?:<strong>(.*?)<\/strong>)?<span>(.*?)<\/span><\/dd>/g)];
    const plain = (markup = ''): string => markup.replaceAll(/<[^>]*>/g, '');
    expect(tiles.map(([, question, answer, detail]) => [question, plain(answer), plain(detail)])).toEqual([
      ['Which model', 'Second net', '90.0\u00a0% accuracy [76.9\u00a0%, 96.0\u00a0%]'],
      ['How sure', 'Not shown to be better', '+15.0 points [+0.2, +29.8] over First net, p = 0.109'],
      ['At what cost', '12.5\u00a0s to train', '0.500\u00a0ms a sample to predict, 40 parameters'],
      ['What next', '', expect.stringContaining('the best units 30 (the largest of 10, 20, 30)')],
    ]);
  });

  it('says of each model whether it is shown to be worse than the first', () => {
    expectText(page, '<td class="number">the first</td>');
    expectText(page, '<td class="number">no difference shown</td>');
  });

  it('draws the folds of every combination, one line each and their mean', () => {
    const chart = /<svg[^>]*aria-labelledby="folds-0-0-title[\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
    expect(chart.match(/class="curve thin/g)).toHaveLength(4);
    expect(chart.match(/class="curve(?: dashed)?"/g)).toHaveLength(2);
    expectText(chart, 'held out, fold 2');
    expectText(page, 'The folds of 2 other combinations of First net');
  });

  it('has the numbers of its drawings as tables', () => {
    expectText(page, 'The numbers of these charts');
    expectText(page, 'The numbers of First net, epoch by epoch');
  });

  it('compares scores and costs in a table, computing what the metrics lack from the confusion matrix', () => {
    expectText(page, '0.7500 [0.5981,\u00a00.8581]');
    expectText(page, '<strong>0.9000 [0.7695,\u00a00.9604]</strong>');
    expect(page.match(/Macro F1.*Weighted F1/s)).not.toBeNull();
  });

  it('shows every combination of the search with its folds, and a best value at the edge of its grid', () => {
    expectText(page, 'folds 0.8000, 0.8123');
    expectText(page, '0.8062 ± 0.0062');
    expectText(page, 'The best units, 30, is the largest value tried (10, 20, 30)');
  });

  it('draws layers with parameters that add up to those of the weights', () => {
    expectText(page, '40 parameters');
    expectText(page, '3 × 3 × 1');
  });

  it('shows pictures of confused rows and of each class', () => {
    expectText(page, '4 images of class a that were predicted as A');
    expectText(page, '10 samples of class B');
  });

  it('sets the lead beside what another seed changes', () => {
    expectText(page, 'trained 3 times with other seeds reaches 0.9000, 0.8000 and 0.8500');
    expectText(page, 'differs from the next by 5.00 percentage points (standard deviation, of 3 only)');
    expectText(page, 'over First net is more than that explains.');
  });

  it('says what was checked and what was found', () => {
    expectText(
      page,
      'duplicates: 2 of the test rows equal a row that is trained on. Scores on such rows are too good.',
    );
    expectText(page, 'No fit of the searches diverged.');
  });

  it('names under each section the artifacts that its numbers come from, linked to their digests', () => {
    const sources = [...page.matchAll(/<p class="sources">From the artifacts (.*?)<\/p>/g)];
    expect(sources.length).toBeGreaterThan(6);
    expectText(page, '<a href="#artifact-curves-search-one-');
    expect(page.match(/<a href="#artifact-history-fit-one-[\w.-]+">history<\/a> of fit \(2\)/)).not.toBeNull();
    expect(page.match(/<code>[\w.]{12}<\/code>/)).not.toBeNull();
  });

  it('says whether confidence can be trusted, and whether all writers are read alike', () => {
    expectText(page, 'too sure by 5.0');
    expectText(page, 'calibration error 0.0500');
    expectText(page, '<td class="number">80.0\u00a0%</td><td class="number">60.0\u00a0%</td>');
  });

  it('says how to make it again', () => {
    expectText(page, '<code>pipe run pipelines/toy.yaml</code></pre>');
  });

  it('is the same, byte by byte, for the same inputs', () => {
    expect(pageOf(toyStudy()) === page).toBe(true);
  });

  it('has no identifier twice, and links only to what is there', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) expect(ids).toContain(target?.slice(1));
  });

  it('loads nothing and runs nothing', () => {
    expect(page.match(/https?:|<script|<link|<iframe|@import|url\(/i)).toBeNull();
    expectText(page, 'default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:');
    for (const [, source] of page.matchAll(/src="([^"]*)"/g)) expect(source).toMatch(/^data:image\/png;base64,/);
  });
});

describe('sections', () => {
  it('all stand there in their order when everything is known', () => {
    expect(sectionsOf(pageOf(toyStudy()))).toEqual([
      'answer',
      'comparison',
      'price',
      'differences',
      'guards',
      'search',
      'curves',
      'confusion',
      'calibration',
      'samples',
      'architecture',
      'provenance',
    ]);
  });

  it('are left out when their inputs are', () => {
    const empty = { ...toyStudy() };
    for (const slot of Object.keys(empty) as (keyof ReportInputs)[]) {
      if (slot !== 'metrics') Object.assign(empty, { [slot]: nothing });
    }
    expect(sectionsOf(pageOf(empty))).toEqual(['answer', 'comparison', 'guards', 'provenance']);
  });

  it.each([
    [['history', 'curves'], 'curves'],
    [['confusion'], 'confusion'],
    [['samples'], 'samples'],
    [['timings', 'fit'], 'price'],
  ] as const)('without %s there is no section %s', (slots, section) => {
    const page = pageOf({ ...toyStudy(), ...Object.fromEntries(slots.map((slot) => [slot, nothing])) });
    expect(sectionsOf(page)).not.toContain(section);
    expectAbsent(page, `href="#${section}"`);
  });
});

it('draws the stages that lead to it where the pipeline tells them, as text and as boxes', () => {
  const stages = [
    { name: 'ingest', kind: 'ingest', instances: [], from: [] },
    { name: 'score', kind: 'evaluate', instances: ['a', 'b', 'c', 'd', 'e'], from: ['ingest'] },
    { name: '<b>report', kind: 'report', instances: [], from: ['ingest', 'score'] },
  ];
  const study = collectStudy(toyStudy(), { title: 'Toy', stages });
  if (!study.ok) throw new Error(study.error.message);
  const page = reportPage(study.value);
  const drawing = /<svg[^>]*aria-labelledby="stages-title[\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
  expect(drawing.match(/class="stage-box"/g)).toHaveLength(3);
  // The arrow from ingest to the report says nothing that the longer way does not.
  expect(drawing.match(/class="stage-edge"/g)).toHaveLength(2);
  expectText(drawing, 'evaluate: a, b, c and 2 more');
  expectText(drawing, 'score after ingest; &lt;b&gt;report after ingest and score.');
});

it('warns in plain sight when the data is drawn', () => {
  expectText(pageOf(toyStudy({ format: 'drawn' })), 'This data is drawn, it is NOT EMNIST.');
});

it('warns of drawn data and of scores on validation rows even when only the scores are given', () => {
  const source = JSON.stringify({ format: 'drawn', title: 'Drawn handwriting' });
  const artifact = artifactOf('metrics', {
    columns: [text('metric', ['accuracy']), text('average', ['']), floats('value', [0.5])],
    metadata: { title: 'Some net', on: 'validation', source },
  });
  const page = pageOf({
    ...toyStudy(),
    samples: nothing,
    fit: nothing,
    metrics: [{ stage: 'e', matrix: {}, artifact }],
  });
  expectText(page, 'Data: Drawn handwriting');
  expectText(page, 'This data is drawn, it is NOT EMNIST.');
  expectText(page, 'The scores are on validation rows.');
  expectText(page, 'Some net reaches 50.0\u00a0% accuracy.');
});

it('shows hostile class names and titles as text only', () => {
  const hostile = '<script>alert(1)</script>';
  const breakout = '"><img src=x onerror="alert(2)">';
  const page = pageOf(
    toyStudy({ classes: [hostile, breakout, 'R&D', "x' y"], titles: [hostile, breakout] }),
    `${hostile}${breakout}`,
  );
  expectAbsent(page, '<script');
  expectAbsent(page, '<img src=x');
  expect(page.replace(/"[^"]*"/g, '').match(/<[^>]*onerror/)).toBeNull();
  expectText(page, '&lt;script&gt;alert(1)&lt;/script&gt;');
  expectText(page, 'R&amp;D');
  expectAbsent(page, 'R&D');
});
