import { type FamilyDifference, familyDifferences } from './differences.ts';
import { count } from './format.ts';
import { html, type Markup } from './html.ts';
import { familyName, type Section, scrollable } from './section.ts';
import type { Study } from './study.ts';

/** Accuracies within this of each other count as equivalent, where the whole interval of their difference lies inside. */
export const equivalenceMargin = 0.01;

function points(value: number): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(100 * value).toFixed(2)}`;
}

export function pText(value: number): string {
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

function row({ first, second, paired, adjusted, verdict, folds }: FamilyDifference): Markup {
  const claim = verdict === 'better' ? html`<strong>better</strong>` : verdict;
  const overFolds =
    folds === undefined
      ? ''
      : `${points(folds.difference)} ± ${(100 * folds.halfWidth).toFixed(2)}, p ${pText(folds.pValue)}`;
  return html`<tr><th scope="row">${familyName(first)}</th><td class="name">${familyName(second)}</td><td class="number">${points(paired.difference)} [${points(paired.interval.low)}, ${points(paired.interval.high)}]</td><td class="number">${count(paired.onlyFirst)} / ${count(paired.onlySecond)}</td><td class="number">${pText(adjusted)}</td><td>${claim}</td><td class="number">${overFolds}</td></tr>`;
}

function foldNote(differences: readonly FamilyDifference[]): string {
  const degrees = differences.flatMap(({ folds }) => folds?.degrees ?? [])[0];
  if (degrees === undefined) return '';
  const few =
    degrees < 5
      ? ` With ${degrees + 1} folds it sees large differences only: more folds, or repeated ones, would tell more.`
      : '';
  return ` The last column is the corrected resampled t-test (Nadeau and Bengio) over the folds of the searches, of the combinations that were selected: scores that chose them, so it flatters both.${few}`;
}

/** Every pair of families: how far apart, how surely, and what can be claimed. */
export function differencesSection({ families, scoredOn }: Study): Section | undefined {
  const differences = familyDifferences(families, equivalenceMargin);
  if (differences.length === 0) return undefined;
  const caption = 'Differences between all pairs';
  const margin = `${(100 * equivalenceMargin).toFixed(0)} percentage point`;
  const table = html`<table><caption class="hidden">${caption}</caption><thead><tr><th scope="col">The more accurate</th><th scope="col">The other</th><th scope="col" class="number">Difference, points [95 %]</th><th scope="col" class="number">Only one is right</th><th scope="col" class="number">p (McNemar, Holm)</th><th scope="col">Claim</th><th scope="col" class="number">Over the folds</th></tr></thead><tbody>${differences.map(row)}</tbody></table>`;
  return {
    id: 'differences',
    heading: 'Is it more than chance?',
    body: html`${scrollable(caption, table)}<p class="remark">Compared row by row on the same ${scoredOn} rows. “Better” holds at 5 % with all pairs taken together; “equivalent” means that the whole interval lies within ${margin}; “no difference shown” is not the same as equal.${foldNote(differences)}</p>`,
  };
}
