import { duplicateText } from '../split/duplicate-text.ts';
import { count, counted, listed, score } from './format.ts';
import { edgeNotes, untriedNotes, valueText } from './search-notes.ts';
import type { Family, Study } from './study.ts';

/** A mistake that studies like this one are spoilt by, and whether it was made. */
export interface Guard {
  readonly checked: string;
  /** What was found; none where all is well. */
  readonly findings: readonly string[];
  /** What is said where nothing was found. */
  readonly sound: string;
}

/** The checks whose inputs are there. */
export function guardsOf(study: Study): Guard[] {
  const searched = study.families.filter(({ search }) => search !== undefined);
  return [
    ...(study.split === undefined ? [] : [duplicates(study)]),
    {
      checked: 'Models are scored on rows that they were not fitted on',
      findings:
        study.scoredOn === 'test'
          ? []
          : [`The scores are on ${study.scoredOn} rows, on which choices may have been made: they flatter.`],
      sound:
        'The pipeline refuses stages that train under one split and score under another; choices were made inside the folds.',
    },
    ...(searched.length === 0 ? [] : [edges(searched), outside(searched), diverged(searched)]),
    twoNumbers(study.families),
  ];
}

function duplicates({ split }: Study): Guard {
  const found = split?.duplicates === undefined ? undefined : duplicateText(split.duplicates);
  return {
    checked: 'No sample is on both sides of a split',
    findings: [
      ...(split?.duplicates === undefined ? ['The split does not say: it was not made by pipe.'] : []),
      ...(found === undefined ? [] : [`${found}. Scores on such rows are too good.`]),
    ],
    sound:
      'No test or validation row equals a row that is trained on, and no row equals one of another fold, byte for byte.',
  };
}

function edges(families: readonly Family[]): Guard {
  return {
    checked: 'The best values lie inside the grids',
    findings: families.flatMap((family) =>
      (family.search === undefined ? [] : edgeNotes(family.search)).map(
        (note) =>
          `${family.title}: the best ${note.axis}, ${note.value}, is the ${note.edge} of ${note.tried.join(', ')}: a better one may lie beyond.`,
      ),
    ),
    sound: 'No chosen number is the smallest or largest of three or more that were tried.',
  };
}

function outside(families: readonly Family[]): Guard {
  return {
    checked: 'The final fits use what was searched',
    findings: families.flatMap((family) =>
      untriedNotes(family).map(
        (note) =>
          `${family.title}: ${note.axis} ${valueText(note.value)} was never tried (${note.tried.map(valueText).join(', ')}).`,
      ),
    ),
    sound: 'Every hyperparameter that was searched has a value that was tried.',
  };
}

function diverged(families: readonly Family[]): Guard {
  return {
    checked: 'Training converges',
    findings: families.flatMap(({ title, search }) => {
      // A search that gave a combination up has no score for its later folds: only one with no mean diverged.
      const lost = (search?.combinations ?? []).filter(({ mean }) => Number.isNaN(mean));
      if (lost.length === 0) return [];
      const shown = lost.slice(0, 3).map(({ params }) =>
        Object.entries(params)
          .map(([name, value]) => `${name} ${valueText(value)}`)
          .join(' '),
      );
      const more = lost.length > shown.length ? ` and ${count(lost.length - shown.length)} more` : '';
      return [
        `${title}: ${counted(lost.length, 'combination', 'combinations')} diverged (${shown.join('; ')}${more}): a smaller learning rate would tell whether they are bad or only unstable.`,
      ];
    }),
    sound: 'No fit of the searches diverged.',
  };
}

/** One model with one set of hyperparameters that has several scores: which is the one to report? */
function twoNumbers(families: readonly Family[]): Guard {
  const same = new Map<string, Family[]>();
  for (const family of families) {
    if (family.model === undefined || family.scores.accuracy === undefined) continue;
    const key = JSON.stringify([family.model.title, family.model.layers, family.model.training]);
    same.set(key, [...(same.get(key) ?? []), family]);
  }
  return {
    checked: 'One model has one score',
    findings: [...same.values()].flatMap((group) => {
      const distinct = new Set(group.map(({ scores }) => scores.accuracy));
      if (distinct.size < 2) return [];
      const numbers = group.map(({ title, scores }) => `${score(scores.accuracy)} (${title})`);
      return [
        `${group[0]?.model?.title ?? 'A model'} with the same hyperparameters has ${distinct.size} accuracies: ${listed(numbers)}. Say which one is meant, or report their mean and spread.`,
      ];
    }),
    sound: 'No model with the same hyperparameters appears with two accuracies.',
  };
}
