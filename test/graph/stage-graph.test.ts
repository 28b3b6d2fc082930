import { expect, test } from 'vitest';
import { graphSvg } from '../../src/graph/drawing.ts';
import { laneLines } from '../../src/graph/lanes.ts';
import { stageGraph } from '../../src/graph/stage-graph.ts';
import { dotText, mermaidText } from '../../src/graph/texts.ts';
import type { StageInstance } from '../../src/pipeline/pipeline.ts';
import { reduced, type StageGraph } from '../../src/report/graph.ts';

/** Instances from lines like "fit[cnn] split search[cnn]": an instance and those that it reads. */
function instances(...lines: readonly string[]): StageInstance[] {
  return lines.map((line) => {
    const [id = '', ...after] = line.split(' ');
    const stage = id.split('[')[0] ?? id;
    const inputs = Object.fromEntries(after.map((instance) => [instance, [{ instance }]]));
    return { id, stage, after, inputs, loaded: { kind: { kind: stage } } } as unknown as StageInstance;
  });
}

const study = instances(
  'ingest',
  'split ingest',
  'search[a] ingest split',
  'search[b] ingest split',
  'fit[a] ingest split search[a]',
  'fit[b] ingest split search[b]',
  'report fit[a] fit[b] split',
);

const drawn = (graph: StageGraph): string[] =>
  laneLines(graph).map(({ lanes, node }) => (node === undefined ? lanes : `${lanes} ${node.title}`));

test('instances of a matrix stage are one box, or one each', () => {
  const together = stageGraph(study, { each: false });
  expect(together.nodes.map(({ title, detail }) => [title, detail])).toEqual([
    ['ingest', ''],
    ['split', ''],
    ['search', 'a, b'],
    ['fit', 'a, b'],
    ['report', ''],
  ]);
  expect(stageGraph(study, { each: true }).nodes).toHaveLength(7);
});

test('edges that a longer way says are left out, no other', () => {
  const { edges } = reduced(stageGraph(study, { each: true }));
  expect(edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual([
    'fit[a] report',
    'fit[b] report',
    'ingest split',
    'search[a] fit[a]',
    'search[b] fit[b]',
    'split search[a]',
    'split search[b]',
  ]);
});

test('the text has a line a stage, and a lane for each way down', () => {
  expect(drawn(reduced(stageGraph(study, { each: true })))).toEqual([
    '● ingest',
    '● split',
    '├─╮',
    '● │ search[a]',
    '│ ● search[b]',
    '● │ fit[a]',
    '│ ● fit[b]',
    '├─╯',
    '● report',
  ]);
});

test('lanes cross where they must', () => {
  const crossing = instances('a', 'b', 'c a b', 'd a', 'e b c d');
  expect(drawn(reduced(stageGraph(crossing, { each: true })))).toEqual([
    '● a',
    '├─╮',
    '│ │ ● b',
    '├─┼─╯',
    '● │ c',
    '│ ● d',
    '├─╯',
    '● e',
  ]);
});

test('an order without data is drawn as such, and stages of others are left out', () => {
  const [first, second] = instances('a', 'b a');
  const ordered = { ...second, inputs: {} } as StageInstance;
  const graph = stageGraph([first as StageInstance, ordered], { each: false });
  expect(dotText(graph)).toContain('stage0 -> stage1 [style=dashed];');
  expect(mermaidText(graph)).toContain('stage0 -.-> stage1');
  expect(stageGraph(instances('b a'), { each: false }).edges).toEqual([]);
});

test('names that mean something to a language or a browser are texts in it', () => {
  const hostile = stageGraph(instances('x"];<script>alert(1)</script>#\\'), { each: false });
  expect(mermaidText(hostile)).not.toMatch(/<script|"\];</);
  expect(dotText(hostile)).toContain('\\"];<script>');
  expect(graphSvg(hostile, '<b>')).not.toContain('<script');
});

test('the drawing is the same for the same graph, and holds all of it', () => {
  const graph = stageGraph(study, { each: true });
  const text = graphSvg(graph, 'Stages');
  expect(graphSvg(graph, 'Stages')).toBe(text);
  expect(text.match(/class="stage-box"/g)).toHaveLength(7);
  expect(text.match(/class="stage-edge"/g)).toHaveLength(graph.edges.length);
});
