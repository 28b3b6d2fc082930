import { familyDifferences } from './differences.ts';
import { count, duration, percent, score } from './format.ts';
import { guardsOf } from './guards.ts';
import { rankedFamilies } from './ranking.ts';
import { selectedParams, valueText } from './search-notes.ts';
import { equivalenceMargin, pText } from './section-differences.ts';
import { seedText } from './seeds.ts';
import type { Family, Study } from './study.ts';

/** Names are the user's: nothing of them may be read as Markdown or HTML. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/([\\`*_{}[\]()#+!|~-])/g, '\\$1');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

function accuracyText({ scores: { accuracy, interval } }: Family): string {
  return interval === undefined
    ? score(accuracy)
    : `${score(accuracy)} [${score(interval.low)}, ${score(interval.high)}]`;
}

/** The report in short, as Markdown: the answer, scores and costs, differences, what was checked, the best hyperparameters. */
export function markdownReport(study: Study): string {
  const ranked = rankedFamilies(study.families);
  const [best, second] = ranked;
  const answer =
    best === undefined
      ? 'No model has an accuracy.'
      : `**${plain(best.title)}** is ahead with ${percent(best.accuracy)} accuracy on the ${study.scoredOn} rows.`;
  const scores = table(
    ['Model', 'Accuracy [95 %]', 'Macro F1', 'Training', 'Parameters'],
    ranked.map((family) => [
      plain(family.title),
      accuracyText(family),
      score(family.scores.macro.f1),
      duration(family.training?.seconds),
      family.parameters === undefined ? '–' : count(family.parameters),
    ]),
  );
  const differences = familyDifferences(study.families, equivalenceMargin);
  const pairs = table(
    ['Pair', 'Difference, points', 'p (McNemar, Holm)', 'Claim'],
    differences.map(({ first, second: other, paired, adjusted, verdict }) => [
      `${plain(first.title)} – ${plain(other.title)}`,
      `${(100 * paired.difference).toFixed(2)}`,
      pText(adjusted),
      verdict,
    ]),
  );
  const seeds =
    study.refits === undefined || best === undefined ? [] : ['', plain(seedText(study.refits, best, second))];
  const checks = guardsOf(study).map(({ checked, findings }) =>
    findings.length === 0 ? `- [x] ${plain(checked)}` : `- [ ] ${plain(checked)}: ${findings.map(plain).join(' ')}`,
  );
  const chosen = study.families.flatMap((family) => {
    const params = family.search === undefined ? undefined : selectedParams(family.search);
    if (params === undefined || Object.keys(params).length === 0) return [];
    return [
      `- ${plain(family.title)}: ${Object.entries(params)
        .map(([name, value]) => plain(`${name} ${valueText(value)}`))
        .join(', ')}`,
    ];
  });
  const data = study.data.map(
    ({ title, rows, classes, drawn }) =>
      `Data: ${plain(title)}, ${count(rows)} rows, ${classes.length} classes.${drawn ? ' **It is drawn, not EMNIST.**' : ''}`,
  );
  return `${[
    `# ${plain(study.title)}`,
    '',
    answer,
    ...seeds,
    '',
    ...data,
    '',
    scores,
    ...(differences.length === 0 ? [] : ['', '## Is it more than chance?', '', pairs]),
    '',
    '## What was checked',
    '',
    ...checks,
    ...(chosen.length === 0 ? [] : ['', '## What the searches chose', '', ...chosen]),
    '',
    `To make it again: \`pipe run ${(study.pipeline ?? '<pipeline>').replaceAll('`', '')}\``,
  ].join('\n')}\n`;
}
