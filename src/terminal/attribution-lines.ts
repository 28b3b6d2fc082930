import type { Json } from '../util/json.ts';
import { columns } from './columns.ts';
import { harmless } from './format.ts';

/** How the change of a metric between two runs divides among the parameters that changed. */
export interface Attribution {
  readonly stage: string;
  readonly metric: string;
  readonly average: string;
  readonly runs: readonly [string, string];
  /** The metric in the two runs as they were. */
  readonly before: number;
  readonly after: number;
  readonly factors: readonly {
    readonly name: string;
    readonly before: Json;
    readonly after: Json;
    /** Shapley value. */
    readonly value: number;
  }[];
  /** What the parameters do not explain: code, data or environment that changed since. */
  readonly elsewhere: number;
  /** The metric of each mixture, by the bits of the factors that it has of the second run. */
  readonly hybrids: readonly number[];
}

/** Differences below this are rounding: values are sums of numbers of 64 bits. */
const nothing = 1e-9;

const widest = 40;

/** The attribution for people, the largest share first. */
export function attributionLines(attribution: Attribution): string[] {
  const { stage, metric, average, runs, before, after, factors, elsewhere, hybrids } = attribution;
  const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(4)}`;
  const text = (value: Json): string => {
    const plain = value === null ? '–' : harmless(typeof value === 'string' ? value : JSON.stringify(value));
    return plain.length > widest ? `${plain.slice(0, widest - 1)}…` : plain;
  };
  const sorted = [...factors].sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const rows = sorted.map((one) => [harmless(one.name), text(one.before), '→', text(one.after), signed(one.value)]);
  const rest = Math.abs(elsewhere) < nothing ? [] : [['code, data or environment', '', '', '', signed(elsewhere)]];
  const head = ['what changed', '', '', '', 'explains'];
  return [
    `${harmless(stage)}: ${average === '' ? '' : `${average} `}${metric} ${before.toFixed(4)} → ${after.toFixed(4)}, ${signed(after - before)}`,
    '',
    ...columns([head, ...rows, ...rest], new Set([4]), (value) => [...value].length),
    '',
    // By their names: the runs in between are the newest ones now.
    `Between the runs ${runs.map((run) => run.slice(-8)).join(' and ')}.`,
    `Shapley values over ${hybrids.length} runs: what a change adds on average over the orders in which the changes may be made.`,
  ];
}
