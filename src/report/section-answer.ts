import { answerStrip } from './answer-strip.ts';
import { intervalChart } from './chart-intervals.ts';
import { type FamilyDifference, familyDifferences } from './differences.ts';
import { count, counted, duration, milliseconds, percent, score } from './format.ts';
import { html, type Markup } from './html.ts';
import { nextSteps } from './next-steps.ts';
import { inferenceMilliseconds, intervalsOverlap, type RankedFamily, rankedFamilies } from './ranking.ts';
import { familyName, figure, type Section, scrollable } from './section.ts';
import { equivalenceMargin } from './section-differences.ts';
import { seedText } from './seeds.ts';
import type { Study } from './study.ts';

function headline(best: RankedFamily, second: RankedFamily | undefined): string {
  if (second === undefined) return `${best.title} reaches ${percent(best.accuracy)} accuracy.`;
  if (best.accuracy === second.accuracy)
    return `${best.title} and ${second.title} are equal: ${percent(best.accuracy)}.`;
  const overlap = intervalsOverlap(best, second);
  if (overlap === false) return `${best.title} wins with ${percent(best.accuracy)} accuracy.`;
  return `${best.title} is ahead with ${percent(best.accuracy)} accuracy, but not clearly.`;
}

function lead(best: RankedFamily): Markup {
  const interval = best.scores.interval;
  const range = interval === undefined ? '' : ` (95 % interval ${percent(interval.low)} to ${percent(interval.high)})`;
  const f1 = best.scores.macro.f1 === undefined ? '' : `, macro F1 ${score(best.scores.macro.f1)}`;
  return html`<p>${familyName(best)}: accuracy ${percent(best.accuracy)}${range}${f1}. ${cost(best)}</p>`;
}

function cost(best: RankedFamily): string {
  const inference = inferenceMilliseconds(best);
  const parts = [
    ...(best.training === undefined ? [] : [`trained in ${duration(best.training.seconds)}`]),
    ...(inference === undefined ? [] : [`${milliseconds(inference)} a sample to predict`]),
    ...(best.parameters === undefined ? [] : [`${count(best.parameters)} parameters`]),
  ];
  return parts.length === 0 ? '' : `Cost: ${parts.join(', ')}.`;
}

function comparedWithNext(best: RankedFamily, second: RankedFamily, differences: readonly FamilyDifference[]): Markup {
  const points = ((best.accuracy - second.accuracy) * 100).toFixed(1);
  const overlap = intervalsOverlap(best, second);
  const intervals =
    overlap === undefined
      ? 'Without intervals it cannot be said whether this is more than chance.'
      : overlap
        ? 'Their intervals overlap: no difference shown.'
        : 'Their intervals do not overlap.';
  return html`<p>The next is ${familyName(second)} with ${percent(second.accuracy)}, ${points} percentage points behind. ${intervals}${paired(best, second, differences)}</p>`;
}

function paired(best: RankedFamily, second: RankedFamily, differences: readonly FamilyDifference[]): string {
  const difference = differences.find((one) => one.first.index === best.index && one.second.index === second.index);
  if (difference === undefined) return '';
  const { paired: test, adjusted } = difference;
  const p = adjusted < 0.001 ? 'p < 0.001' : `p = ${adjusted.toFixed(3)}`;
  const verdict =
    difference.verdict !== 'better'
      ? 'which chance alone could explain'
      : intervalsOverlap(best, second)
        ? 'which the sharper paired test does count as a difference'
        : 'which is more than chance';
  return ` On the same rows, ${best.title} alone is right ${counted(test.onlyFirst, 'time', 'times')} and ${second.title} alone ${counted(test.onlySecond, 'time', 'times')}, ${verdict} (McNemar's exact test${differences.length > 1 ? ` with Holm's correction for ${differences.length} pairs` : ''}, ${p}).`;
}

function cheaper(ranked: readonly RankedFamily[]): Markup | undefined {
  const [best, ...others] = ranked;
  const seconds = best?.training?.seconds;
  if (best === undefined || seconds === undefined) return undefined;
  const level = others
    .filter((other) => intervalsOverlap(best, other) && (other.training?.seconds ?? seconds) < seconds)
    .sort((left, right) => (left.training?.seconds ?? 0) - (right.training?.seconds ?? 0))[0];
  if (level === undefined) return undefined;
  return html`<p>The cheapest that is not shown to be worse: ${familyName(level)}, ${percent(level.accuracy)} after ${duration(level.training?.seconds)} of training instead of ${duration(seconds)}.</p>`;
}

function nextList(
  study: Study,
  best: RankedFamily,
  second: RankedFamily | undefined,
  sections: ReadonlySet<string>,
): Markup {
  const steps = nextSteps(study, best).map((step) =>
    sections.has(step.section)
      ? html`<li>${step.text} <a href="#${step.section}">See why</a></li>`
      : html`<li>${step.text}</li>`,
  );
  const seeds =
    study.refits === undefined
      ? 'The intervals cover the choice of rows only. How much another seed would change is not known from one training of each model; a stage with "uses: refits" trains the best one again with other seeds.'
      : `The intervals cover the choice of rows only. ${seedText(study.refits, best, second)}`;
  return html`<h3>What to look at next</h3><ul>${steps}<li>${seeds}</li></ul>`;
}

/** Which family won, by how much, at what cost, and what to do next. `sections` are the anchors that the page has. */
export function answerSection(study: Study, sections: ReadonlySet<string>): Section | undefined {
  const ranked = rankedFamilies(study.families);
  const [best, second] = ranked;
  if (best === undefined) return undefined;
  const rows = ranked.flatMap((family) =>
    family.scores.interval === undefined
      ? []
      : [{ label: family.title, family: family.index, value: family.accuracy, interval: family.scores.interval }],
  );
  const differences = familyDifferences(study.families, equivalenceMargin);
  const difference = differences.find((one) => one.first.index === best.index && one.second.index === second?.index);
  const [step] = nextSteps(study, best);
  const next =
    step === undefined
      ? undefined
      : { text: step.text, ...(sections.has(step.section) ? { section: step.section } : {}) };
  const title = `Accuracy on the ${study.scoredOn} rows with 95 % intervals`;
  return {
    id: 'answer',
    heading: 'The answer',
    body: html`<p class="headline">${headline(best, second)}</p>${answerStrip({ best, second, difference, next })}<div class="beside"><div>${lead(best)}${second === undefined ? undefined : comparedWithNext(best, second, differences)}${cheaper(ranked)}</div>${rows.length === 0 ? undefined : figure(`${title} (Wilson). The axis does not start at zero.`, scrollable(title, intervalChart('answer-chart', title, rows)))}</div>${nextList(study, best, second, sections)}`,
  };
}
