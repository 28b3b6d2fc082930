import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { RunDiff } from './run-diff.ts';

/** What a difference must be: `accuracy >= -0.002`, or of one stage `evaluate[cnn] accuracy >= -0.002`. */
export interface Gate {
  readonly text: string;
  readonly subject: string;
  readonly operator: '>=' | '<=' | '>' | '<';
  readonly bound: number;
}

/** A gate with what it met. */
export interface GateOutcome {
  readonly gate: string;
  readonly stage: string;
  readonly metric: string;
  readonly difference: number;
  readonly passed: boolean;
}

/** Reads a gate. Errors: what is none. */
export function parseGate(text: string): Result<Gate> {
  const match = /^\s*(.+?)\s*(>=|<=|>|<)\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*$/.exec(text);
  if (match === null)
    return err(
      failure('gate-syntax', `--gate ${text}: that is no condition`, { hint: "write --gate 'accuracy >= -0.002'" }),
    );
  const [, subject = '', operator, bound] = match;
  return ok({ text, subject, operator: operator as Gate['operator'], bound: Number(bound) });
}

/** Applies a gate to every score that it is about. Scores that are the same in both runs differ by 0. Errors: there is none of that name. */
export function applyGate(
  gate: Gate,
  diff: RunDiff,
  known: readonly { readonly stage: string; readonly metric: string }[],
): Result<GateOutcome[]> {
  const isMeant = (stage: string, metric: string): boolean =>
    gate.subject === metric || gate.subject === `${stage} ${metric}`;
  const meant = known.filter(({ stage, metric }) => isMeant(stage, metric));
  if (meant.length === 0) {
    const metrics = [...new Set(known.map(({ metric }) => metric))];
    const hint = metrics.length === 0 ? 'the runs have no scores' : `there are ${metrics.join(', ')}`;
    return err(failure('gate-metric', `--gate ${gate.text}: no score is called "${gate.subject}"`, { hint }));
  }
  return ok(
    meant.map(({ stage, metric }) => {
      const scores = diff.stages
        .find((one) => one.stage === stage)
        ?.outputs.flatMap((output) => output.diff?.scores ?? []);
      const difference = scores?.find(({ name }) => name === metric)?.difference ?? 0;
      return { gate: gate.text, stage, metric, difference, passed: holds(difference, gate) };
    }),
  );
}

function holds(value: number, { operator, bound }: Gate): boolean {
  switch (operator) {
    case '>=':
      return value >= bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '<':
      return value < bound;
  }
}
