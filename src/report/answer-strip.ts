import type { FamilyDifference } from './differences.ts';
import { count, duration, milliseconds, percent, shortened } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { inferenceMilliseconds, type RankedFamily } from './ranking.ts';
import { familyName } from './section.ts';

/** One of the four things that a reader wants to know first. */
interface Tile {
  readonly question: string;
  readonly answer: Content;
  readonly detail: Content;
}

export interface StripFacts {
  readonly best: RankedFamily;
  readonly second: RankedFamily | undefined;
  /** Of the best and the second, where they were scored on the same rows. */
  readonly difference: FamilyDifference | undefined;
  /** What to do next, and the section that shows why. */
  readonly next: { readonly text: string; readonly section?: string } | undefined;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`;

function which({ best }: StripFacts): Tile {
  const { interval } = best.scores;
  const range = interval === undefined ? '' : ` [${percent(interval.low)}, ${percent(interval.high)}]`;
  return { question: 'Which model', answer: familyName(best), detail: `${percent(best.accuracy)} accuracy${range}` };
}

function howSure({ second, difference }: StripFacts): Tile | undefined {
  if (second === undefined) return undefined;
  if (difference === undefined)
    return { question: 'How sure', answer: 'Not tested', detail: 'The models were not scored on the same rows.' };
  const { verdict, paired, adjusted } = difference;
  const answers = {
    better: 'More than chance',
    worse: 'More than chance',
    equivalent: 'As good as the next',
    'no difference shown': 'Not shown to be better',
  } as const;
  const p = adjusted < 0.001 ? 'p < 0.001' : `p = ${adjusted.toFixed(3)}`;
  const range = `[${signed(paired.interval.low)}, ${signed(paired.interval.high)}]`;
  return {
    question: 'How sure',
    answer: answers[verdict],
    detail: `${signed(paired.difference)} points ${range} over ${shortened(second.title, 30)}, ${p}`,
  };
}

function whatCost({ best }: StripFacts): Tile | undefined {
  const inference = inferenceMilliseconds(best);
  const others = [
    ...(inference === undefined ? [] : [`${milliseconds(inference)} a sample to predict`]),
    ...(best.parameters === undefined ? [] : [`${count(best.parameters)} parameters`]),
  ];
  const [first, ...rest] =
    best.training === undefined ? others : [`${duration(best.training.seconds)} to train`, ...others];
  return first === undefined ? undefined : { question: 'At what cost', answer: first, detail: rest.join(', ') };
}

function whatNext({ next }: StripFacts): Tile | undefined {
  if (next === undefined) return undefined;
  const link = next.section === undefined ? undefined : html` <a href="#${next.section}">See why</a>`;
  return { question: 'What next', answer: undefined, detail: html`${shortened(next.text, 170)}${link}` };
}

/** The answer in four tiles: which model, how sure, at what cost, what to do next. */
export function answerStrip(facts: StripFacts): Markup {
  const tiles = [which(facts), howSure(facts), whatCost(facts), whatNext(facts)].filter((tile) => tile !== undefined);
  const drawn = tiles.map(({ question, answer, detail }) => {
    const large = answer === undefined ? undefined : html`<strong>${answer}</strong>`;
    return html`<div><dt>${question}</dt><dd>${large}<span>${detail}</span></dd></div>`;
  });
  return html`<dl class="tiles">${drawn}</dl>`;
}
