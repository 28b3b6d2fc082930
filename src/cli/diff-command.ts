import { existsSync, statSync, writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { openerOf, sideOf } from '../diff/diff-sides.ts';
import { applyGate, type Gate, type GateOutcome, parseGate } from '../diff/gate.ts';
import { type DiffSide, diffRecords, diffRuns, type RunDiff } from '../diff/run-diff.ts';
import { type Failure, failure, formatFailure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { scoresOfRun } from '../history/run-scores.ts';
import { findStages } from '../plan/find-stages.ts';
import { findRun, type PastRun, readRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { changedPictures } from '../terminal/changed-pictures.ts';
import { diffLines } from '../terminal/diff-lines.ts';
import { err, ok, type Result } from '../util/result.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { diffFiles } from './diff-files.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

export interface DiffOptions {
  readonly store?: string;
  readonly json?: boolean;
  readonly md?: boolean;
  readonly html?: string;
  readonly gate: readonly string[];
  readonly absolute: number;
  readonly relative: number;
}

/** What was compared, and the sides by their names. */
interface Comparison {
  readonly diff: RunDiff;
  readonly sides?: readonly [DiffSide, DiffSide];
  readonly gates: readonly GateOutcome[];
}

/** `pipe diff`: 0 the same (or all gates passed), 1 different (or one failed), 2 something could not be compared. */
export async function diffCommand(
  first: string,
  second: string,
  stages: readonly string[],
  options: DiffOptions,
): Promise<number> {
  const gates: Gate[] = [];
  for (const text of options.gate) {
    const gate = parseGate(text);
    if (!gate.ok) return refused(gate.error);
    gates.push(gate.value);
  }
  if (isFile(first) && isFile(second)) {
    const compared = await diffFiles(first, second, options);
    return compared.ok ? print({ diff: compared.value, gates: [] }, options) : refused(compared.error);
  }
  const code = await withExistingStore(options.store, async (store) => {
    const sides = [await named(store, first), await named(store, second)] as const;
    for (const side of sides) if (!side.ok) return refused(side.error);
    const [one, other] = sides.map((side) => (side.ok ? side.value : '')) as [string, string];
    const compared = compare(store, one, other, stages, gates, options);
    if (!compared.ok) return refused(compared.error);
    if (options.html !== undefined) {
      const written = await writeHtml(store, compared.value, options.html);
      if (!written.ok) return refused(written.error);
    }
    return print(compared.value, options, openerOf(store));
  });
  return code ?? exitCodes.usage;
}

/** `git:REV` is the newest run at that commit; every other reference stays as it is. */
async function named(store: Store, reference: string): Promise<Result<string>> {
  if (!reference.startsWith('git:')) return ok(reference);
  const { findRunOfCommit } = await import('./find-run-of-commit.ts');
  return findRunOfCommit(store, reference.slice('git:'.length));
}

type Output = RunDiff['stages'][number]['outputs'][number];

async function writeHtml(store: Store, { diff, sides }: Comparison, path: string): Promise<Result<void>> {
  const { diffDocument } = await import('../terminal/diff-document.ts');
  try {
    writeFileSync(path, diffDocument(store, diff, sides));
    return ok();
  } catch (problem) {
    return err(systemFailure(`cannot write ${path}`, problem));
  }
}

function refused(problem: Failure): number {
  printFailures([problem]);
  return exitCodes.usage;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function compare(
  store: Store,
  first: string,
  second: string,
  stages: readonly string[],
  gates: readonly Gate[],
  options: DiffOptions,
): Result<Comparison> {
  const tolerance = { absolute: options.absolute, relative: options.relative };
  // `fit[cnn]@2`: what one stage made in a run.
  if ([first, second].every((reference) => /^[^@]+@/.test(reference))) {
    const diff = compareStages(store, first, second, tolerance);
    return diff.ok ? ok({ diff: diff.value, gates: [] }) : diff;
  }
  const runs: PastRun[] = [];
  for (const reference of [first, second]) {
    const run = openRun(store, reference);
    if (!run.ok) return run;
    runs.push(run.value);
  }
  const [before, after] = runs as [PastRun, PastRun];
  const known = new Set([...before.stages.keys(), ...after.stages.keys()]);
  for (const stage of stages)
    if (![...known].some((id) => id === stage || id.startsWith(`${stage}[`)))
      return err(
        failure('stage-unknown', `neither run has a stage "${stage}"`, { hint: `there are ${[...known].join(', ')}` }),
      );
  const diff = diffRuns(store, before, after, { stages, tolerance });
  const outcomes: GateOutcome[] = [];
  const scores = scoresOfRun(store, after).flatMap(({ stage, scores: of }) =>
    of.map(({ name }) => ({ stage, metric: name })),
  );
  for (const gate of gates) {
    const applied = applyGate(gate, diff, scores);
    if (!applied.ok) return applied;
    outcomes.push(...applied.value);
  }
  return ok({ diff, sides: [sideOf(before), sideOf(after)], gates: outcomes });
}

function openRun(store: Store, reference: string): Result<PastRun> {
  const found = findRun(store.layout, reference);
  if (!found.ok) return found;
  const run = readRun(store.layout, found.value);
  return run === undefined
    ? err(failure('run-unreadable', `the run ${found.value} left nothing that can be read`))
    : ok(run);
}

function compareStages(
  store: Store,
  first: string,
  second: string,
  tolerance: { readonly absolute: number; readonly relative: number },
): Result<RunDiff> {
  const sides = [];
  for (const reference of [first, second]) {
    const found = findStages(store, reference);
    if (!found.ok) return found;
    const [id, ...others] = found.value.ids;
    const record = id === undefined ? undefined : store.readRecord(found.value.run.stages.get(id)?.fingerprint ?? '');
    if (id === undefined || others.length > 0)
      return err(
        failure('diff-many', `${reference} names ${found.value.ids.length} stages`, { hint: 'name one of them' }),
      );
    if (record === undefined) return err(failure('diff-record', `what ${reference} made is not known any more`));
    sides.push({ id, record });
  }
  const [one, other] = sides as [(typeof sides)[number], (typeof sides)[number]];
  const name = one.id === other.id ? one.id : `${one.id} → ${other.id}`;
  return ok({ causes: [], stages: [diffRecords(store, name, one.record, other.record, tolerance)] });
}

function print(
  { diff, sides, gates }: Comparison,
  { json, md }: DiffOptions,
  open?: ReturnType<typeof openerOf>,
): number {
  const problems = diff.stages.flatMap(({ outputs }) => outputs.flatMap(({ problem }) => problem ?? []));
  const isSame = diff.stages.every(({ status }) => status === 'same' || status === 'again');
  if (json === true)
    process.stdout.write(
      `${JSON.stringify({ schema: 'pipe.diff/1', a: sides?.[0] ?? null, b: sides?.[1] ?? null, same: isSame, ...diff, gates }, null, 2)}\n`,
    );
  else if (md === true) {
    // A fence that is longer than any in the text: names may hold one.
    const text = diffLines(diff, sides, gates, pc.createColors(false)).join('\n');
    const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
    const verdict =
      gates.length === 0
        ? isSame
          ? 'The results are the same.'
          : 'The results differ.'
        : gates.every(({ passed }) => passed)
          ? 'All gates passed.'
          : 'A gate failed.';
    process.stdout.write(`### pipe diff: ${verdict}\n\n${fence}text\n${text}\n${fence}\n`);
  } else {
    const colors = outputColors();
    const pictures = (output: Output): string[] => {
      const versions = open?.(output);
      return versions === undefined ? [] : changedPictures(output, versions, colors.isColorSupported);
    };
    process.stdout.write(`${diffLines(diff, sides, gates, colors, pictures).join('\n')}\n`);
  }
  for (const problem of problems) if (json === true) process.stderr.write(`${formatFailure(problem)}\n`);
  if (problems.length > 0) return exitCodes.usage;
  if (gates.length > 0) return gates.every(({ passed }) => passed) ? exitCodes.done : exitCodes.failed;
  return isSame ? exitCodes.done : exitCodes.failed;
}
