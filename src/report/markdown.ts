import { commandsToRepeat } from './commands.ts';
import { confusedPairs } from './confusions.ts';
import { type FamilyDifference, familyDifferences } from './differences.ts';
import { count, counted, duration, listed, milliseconds, percent, score, unknown } from './format.ts';
import { guardsOf } from './guards.ts';
import { fenced, folded, plain, table } from './markdown-text.ts';
import { nextSteps } from './next-steps.ts';
import { paretoFront } from './pareto.ts';
import { inferenceMilliseconds, type RankedFamily, rankedFamilies } from './ranking.ts';
import type { RunFacts } from './run-facts.ts';
import { selectedParams, valueText } from './search-notes.ts';
import { equivalenceMargin, pText } from './section-differences.ts';
import { seedText } from './seeds.ts';
import type { Family, Study } from './study.ts';

/** A part of the text: a heading, where it has one, and paragraphs. */
interface Part {
  readonly heading?: string;
  readonly lines: readonly string[];
}

const mostPairs = 5;

function accuracyText({ scores: { accuracy, interval } }: Family): string {
  return interval === undefined
    ? score(accuracy)
    : `${score(accuracy)} [${score(interval.low)}, ${score(interval.high)}]`;
}

/** Which model, how sure, at what cost. */
function answer(study: Study, ranked: readonly RankedFamily[], differences: readonly FamilyDifference[]): Part {
  const [best, second] = ranked;
  if (best === undefined) return { lines: ['No model has an accuracy.'] };
  const difference = differences.find((one) => one.first.index === best.index && one.second.index === second?.index);
  const sure =
    difference === undefined || second === undefined
      ? ''
      : ` Beside ${plain(second.title)} (${percent(second.accuracy)}): ${difference.verdict}, p ${pText(difference.adjusted)}.`;
  const inference = inferenceMilliseconds(best);
  const costs = [
    ...(best.training === undefined ? [] : [`${duration(best.training.seconds)} to train`]),
    ...(inference === undefined ? [] : [`${milliseconds(inference)} a sample to predict`]),
    ...(best.parameters === undefined ? [] : [`${count(best.parameters)} parameters`]),
  ];
  const cost = costs.length === 0 ? '' : ` Cost: ${costs.join(', ')}.`;
  const seeds = study.refits === undefined ? [] : [plain(seedText(study.refits, best, second))];
  return {
    lines: [
      `**${plain(best.title)}** is ahead with ${percent(best.accuracy)} accuracy on the ${study.scoredOn} rows.${sure}${cost}`,
      ...seeds,
    ],
  };
}

function dataLines(study: Study): Part {
  const lines = study.data.map(
    ({ title, rows, classes, drawn }) =>
      `Data: ${plain(title)}, ${count(rows)} rows, ${classes.length} classes.${drawn ? ' **It is drawn, not EMNIST.**' : ''}`,
  );
  return { lines };
}

function scores(ranked: readonly RankedFamily[]): Part {
  const rows = ranked.map((family) => [
    plain(family.title),
    accuracyText(family),
    score(family.scores.macro.f1),
    duration(family.training?.seconds),
    milliseconds(inferenceMilliseconds(family)),
    family.parameters === undefined ? unknown : count(family.parameters),
  ]);
  const offers = ranked.flatMap(({ title, accuracy, training }) =>
    training === undefined ? [] : [{ title, cost: training.seconds, score: accuracy }],
  );
  const front = listed(paretoFront(offers).map(({ title }) => plain(title)));
  const heads = ['Model', 'Accuracy [95 %]', 'Macro F1', 'Training', 'A sample', 'Parameters'];
  return {
    lines: [
      table(heads, rows),
      ...(offers.length < 2
        ? []
        : [`Neither slower to train nor less accurate than another (Pareto front): ${front}.`]),
    ],
  };
}

function chance(differences: readonly FamilyDifference[]): Part {
  if (differences.length === 0) return { lines: [] };
  const rows = differences.map(({ first, second, paired, adjusted, verdict }) => [
    `${plain(first.title)} – ${plain(second.title)}`,
    `${(100 * paired.difference).toFixed(2)} [${(100 * paired.interval.low).toFixed(2)}, ${(100 * paired.interval.high).toFixed(2)}]`,
    pText(adjusted),
    verdict,
  ]);
  const heads = ['Pair', 'Difference, points [95 %]', 'p (McNemar, Holm)', 'Claim'];
  return { heading: 'Is it more than chance?', lines: [table(heads, rows)] };
}

function checks(study: Study): Part {
  const lines = guardsOf(study).map(({ checked, findings }) =>
    findings.length === 0 ? `- [x] ${plain(checked)}` : `- [ ] ${plain(checked)}: ${findings.map(plain).join(' ')}`,
  );
  return { heading: 'What was checked', lines: [lines.join('\n')] };
}

function chosen({ families }: Study): Part {
  const lines = families.flatMap((family) => {
    const params = family.search === undefined ? undefined : selectedParams(family.search);
    if (params === undefined || Object.keys(params).length === 0) return [];
    const texts = Object.entries(params).map(([name, value]) => plain(`${name} ${valueText(value)}`));
    return [`- ${plain(family.title)}: ${texts.join(', ')}`];
  });
  return lines.length === 0 ? { lines } : { heading: 'What the searches chose', lines: [lines.join('\n')] };
}

function next(study: Study, best: RankedFamily | undefined): Part {
  const steps = nextSteps(study, best).map(({ text }) => `- ${plain(text)}`);
  return steps.length === 0 ? { lines: [] } : { heading: 'What to look at next', lines: [steps.join('\n')] };
}

function confused(study: Study, best: RankedFamily | undefined): Part {
  const { classes } = study;
  if (best?.confusion === undefined || best.confusion.length !== classes.length ** 2) return { lines: [] };
  const rows = confusedPairs(best.confusion, classes.length, mostPairs).map((pair) => [
    plain(`${classes[pair.truth] ?? pair.truth}`),
    plain(`${classes[pair.guess] ?? pair.guess}`),
    count(pair.count),
    percent(pair.share),
  ]);
  if (rows.length === 0) return { lines: [] };
  const heads = ['True', 'Predicted', 'Count', 'Share of the true class'];
  return { heading: `What ${plain(best.title)} confuses`, lines: [table(heads, rows)] };
}

function ran(run: RunFacts | undefined): Part {
  if (run === undefined) return { lines: [] };
  const facts = [
    `run ${run.id}`,
    `started ${run.started.slice(0, 16).replace('T', ' ')} UTC`,
    ...(run.seconds === undefined ? [] : [`took ${duration(run.seconds)}`]),
    run.status,
    ...(run.counts === undefined
      ? []
      : [`${counted(run.counts.ran, 'job', 'jobs')} ran, ${run.counts.cached} from the store`]),
    ...run.machine.map(([name, value]) => `${name} ${value}`),
  ];
  const failed = run.stages.filter(({ status }) => status === 'failed').map(({ id }) => plain(id));
  const stages = run.stages.map((stage) => [
    plain(stage.id),
    stage.status,
    String(stage.jobs),
    stage.status === 'failed' ? '' : duration(stage.seconds),
  ]);
  return {
    heading: 'How it ran',
    lines: [
      `${facts.map(plain).join('; ')}.`,
      ...(failed.length === 0 ? [] : [`Failed: ${failed.join(', ')}.`]),
      folded(
        'The stages',
        `${fenced(run.mermaid, 'mermaid')}\n\n${table(['Stage', 'Status', 'Jobs', 'Computing'], stages)}`,
      ),
    ],
  };
}

function origin(study: Study): Part {
  const rows = study.artifacts.map(({ stage, matrix, type, digest }) => {
    const values = Object.values(matrix);
    return [plain(values.length === 0 ? stage : `${stage}[${values.join(', ')}]`), type, digest.slice(0, 12)];
  });
  return {
    heading: 'How to make it again',
    lines: [
      fenced(commandsToRepeat(study).join('\n'), 'sh'),
      folded('The artifacts that it was made from', table(['Stage', 'Type', 'Digest'], rows)),
    ],
  };
}

/** The report in short, as Markdown for a pull request: the same facts, without drawings. */
export function markdownReport(study: Study): string {
  const ranked = rankedFamilies(study.families);
  const [best] = ranked;
  const differences = familyDifferences(study.families, equivalenceMargin);
  const parts = [
    answer(study, ranked, differences),
    dataLines(study),
    scores(ranked),
    chance(differences),
    checks(study),
    next(study, best),
    chosen(study),
    confused(study, best),
    ran(study.run),
    origin(study),
  ];
  const texts = parts.flatMap(({ heading, lines }) => [...(heading === undefined ? [] : [`## ${heading}`]), ...lines]);
  return `${[`# ${plain(study.title)}`, ...texts].join('\n\n')}\n`;
}
