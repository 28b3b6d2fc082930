import { caseMistakes, confusedPairs } from './confusions.ts';
import { curveNote } from './curve-notes.ts';
import { count, listed, percent } from './format.ts';
import { edgeNotes, untriedNotes, valueText } from './search-notes.ts';
import type { Family, Study } from './study.ts';

/** Advice with the section of the page that shows why. */
export interface NextStep {
  readonly text: string;
  readonly section: 'search' | 'curves' | 'confusion';
}

function searchSteps(family: Family): NextStep[] {
  if (family.search === undefined) return [];
  const notes = edgeNotes(family.search);
  const edges = notes.map((note) => `${note.axis} ${note.value} (the ${note.edge} of ${note.tried.join(', ')})`);
  const edge =
    notes.length === 0
      ? []
      : [
          `${family.title}: the best ${listed(edges)} ${notes.length === 1 ? 'lies' : 'lie'} at the edge of the grid; widen it there.`,
        ];
  const untried = untriedNotes(family)
    .filter((note) => note.axis !== 'epochs')
    .map(
      (note) =>
        `${family.title}: the final fit used ${note.axis} ${valueText(note.value)}, which the search never tried (${note.tried.map(valueText).join(', ')}).`,
    );
  return [...edge, ...untried].map((text) => ({ text, section: 'search' }));
}

function curveSteps(families: readonly Family[]): NextStep[] {
  const noted = families.map((family) => ({ title: family.title, note: curveNote(family.history ?? []) }));
  const improving = noted.filter(({ note }) => note?.kind === 'still-improving').map(({ title }) => title);
  const steps = noted.flatMap(({ title, note }) =>
    note?.kind === 'overfitting'
      ? [
          `${title}: validation loss was lowest after epoch ${note.best} of ${note.epochs} and ended ${percent(note.rise)} above that; train for fewer epochs or regularise more.`,
        ]
      : [],
  );
  if (improving.length > 0) {
    steps.push(
      `${listed(improving)}: validation loss was still falling at the last epoch; more epochs may raise the accuracy.`,
    );
  }
  return steps.map((text) => ({ text, section: 'curves' }));
}

function confusionSteps(best: Family | undefined, classes: readonly string[]): NextStep[] {
  if (best?.confusion === undefined || best.confusion.length !== classes.length ** 2) return [];
  const share = caseMistakes(best.confusion, classes);
  if (share === undefined) return [];
  const pairs = confusedPairs(best.confusion, classes.length, 3).map(
    (pair) => `${classes[pair.truth] ?? ''} as ${classes[pair.guess] ?? ''} (${count(pair.count)})`,
  );
  const cases = share >= 0.1 ? ` ${percent(share)} of its mistakes only mix up the two cases of a letter.` : '';
  return [{ text: `${best.title} most often takes ${listed(pairs)}.${cases}`, section: 'confusion' }];
}

/** What the numbers suggest to look at next, the most certain first. `best` is the leading family. */
export function nextSteps(study: Study, best: Family | undefined): NextStep[] {
  return [
    ...study.families.flatMap(searchSteps),
    ...curveSteps(study.families),
    ...confusionSteps(best, study.classes),
  ];
}
