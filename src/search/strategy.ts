import type { JsonSchema } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import { type AshaSetting, ashaSearch } from './asha.ts';
import { type CoordinateSetting, coordinateSearch } from './coordinate.ts';
import { gridSearch, randomSearch } from './exhaustive.ts';
import { type HalvingSetting, halvingSearch } from './halving.ts';
import { type RacingSetting, racingSearch } from './racing.ts';
import type { Search, SearchSpace } from './search.ts';
import { type TpeSetting, tpeSearch } from './tpe.ts';

/** A strategy's name, or a map of it to its settings: `halving`, `{halving: {factor: 2}}`. */
export type StrategySetting = string | Readonly<Record<string, JsonObject | null>>;

const whole = (description: string, minimum = 1) => ({ type: 'integer', minimum, description });
const seed = { type: 'integer', minimum: 0, description: 'Another number draws other combinations.' };
const halvingSettings = {
  factor: { type: 'number', exclusiveMinimum: 1, description: 'One in so many combinations goes on to the next rung.' },
  minEpochs: whole('Epochs of the first rung, at least.'),
};

/** Settings of each strategy: their schemas, and what they are where nothing is said. */
const strategies: Readonly<
  Record<string, { readonly settings: Readonly<Record<string, object>>; readonly defaults: JsonObject }>
> = {
  grid: { settings: {}, defaults: {} },
  random: { settings: { combinations: whole('Combinations to try.'), seed }, defaults: { combinations: 20, seed: 0 } },
  coordinate: {
    settings: {
      order: {
        type: 'array',
        items: { type: 'string' },
        description: 'Hyperparameters in the order in which they are tuned.',
      },
      passes: whole('How often all of them are gone through.'),
    },
    defaults: { order: [], passes: 1 },
  },
  halving: { settings: halvingSettings, defaults: { factor: 3, minEpochs: 1 } },
  asha: {
    settings: {
      ...halvingSettings,
      combinations: whole('Combinations to try.'),
      parallel: whole('Combinations that are under way at the same time.'),
      seed,
    },
    defaults: { factor: 3, minEpochs: 1, combinations: 1000, parallel: 4, seed: 0 },
  },
  racing: {
    settings: {
      deviations: {
        type: 'number',
        exclusiveMinimum: 0,
        description: 'Standard errors behind the leader at which a combination is given up.',
      },
    },
    defaults: { deviations: 2 },
  },
  tpe: {
    settings: {
      combinations: whole('Combinations to try in all.'),
      startup: whole('Of them at random, at first.'),
      parallel: whole('Combinations at the same time.'),
      seed,
    },
    defaults: { combinations: 20, startup: 8, parallel: 2, seed: 0 },
  },
};

export const strategyNames = Object.keys(strategies);

/** Schema of a strategy in YAML. */
export const strategySchema: JsonSchema = {
  default: 'grid',
  description:
    'grid tries every combination, random some; coordinate one hyperparameter at a time; halving and asha few epochs first, more for the best; racing drops a combination when it loses clearly on the folds so far; tpe learns from the tried ones which to try next. Or a map to its settings: {halving: {factor: 3}}.',
  anyOf: [
    { type: 'string', enum: strategyNames },
    {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries(strategies).map(([name, { settings }]) => [
          name,
          { type: ['object', 'null'], additionalProperties: false, properties: settings },
        ]),
      ),
    },
  ],
};

/** A strategy's name and all its settings. */
export function strategyOf(setting: StrategySetting): { readonly name: string; readonly settings: JsonObject } {
  const [name = 'grid', given = {}] = typeof setting === 'string' ? [setting, {}] : (Object.entries(setting)[0] ?? []);
  return { name, settings: { ...strategies[name]?.defaults, ...given } };
}

/** Begins a search. */
export function beginSearch(setting: StrategySetting, space: SearchSpace): Search {
  const { name, settings } = strategyOf(setting);
  // The schema has checked the settings of each.
  const own = settings as unknown;
  switch (name) {
    case 'random':
      return randomSearch(space, own as { readonly combinations: number; readonly seed: number });
    case 'coordinate':
      return coordinateSearch(space, own as CoordinateSetting);
    case 'halving':
      return halvingSearch(space, own as HalvingSetting);
    case 'asha':
      return ashaSearch(space, own as AshaSetting);
    case 'racing':
      return racingSearch(space, own as RacingSetting);
    case 'tpe':
      return tpeSearch(space, own as TpeSetting);
    default:
      return gridSearch(space);
  }
}

/** What the schema cannot see: a name in `order` that is no axis. Paths lead from `with:`. */
export function strategyMistakes(
  setting: StrategySetting,
  grids: readonly Readonly<Record<string, unknown>>[],
): { readonly path: readonly (string | number)[]; readonly message: string; readonly hint?: string }[] {
  const { name, settings } = strategyOf(setting);
  if (name !== 'coordinate') return [];
  const axes = [...new Set(grids.flatMap((grid) => Object.keys(grid)))];
  return (settings['order'] as string[]).flatMap((axis, index) =>
    axes.includes(axis)
      ? []
      : [
          {
            path: ['strategy', name, 'order', index],
            message: `the grid has no "${axis}"`,
            hint: suggestion(axis, axes) ?? `it has ${axes.join(', ')}`,
          },
        ],
  );
}

/** Whether a strategy fits every combination that it tries whole, on all folds. */
export function fitsWhole(setting: StrategySetting): boolean {
  return ['grid', 'random'].includes(strategyOf(setting).name);
}
