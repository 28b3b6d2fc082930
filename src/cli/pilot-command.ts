import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { clusterLayout } from '../cluster/layout.ts';
import { tasksFor, unpack } from '../cluster/parcel.ts';
import { type PilotEnd, runPilot } from '../cluster/pilot.ts';
import { remoteCarrier } from '../cluster/remote-carrier.ts';
import { sharedCarrier } from '../cluster/shared-carrier.ts';
import type { PilotSpec } from '../cluster/spec.ts';
import { failure } from '../errors/failure.ts';
import { openRemote } from '../remote/remote.ts';
import { err, type Result } from '../util/result.ts';
import { exitCodes } from './command-line.ts';
import { printFailures } from './print-failure.ts';

interface PilotCommandOptions {
  /** The run's store, where the node sees it; else tasks come on the input. */
  readonly store?: string;
  readonly class: string;
  readonly submit: string;
}

/** `pipe pilot`: what a batch job of a cluster runs. People do not call it. */
export async function pilotCommand(options: PilotCommandOptions): Promise<number> {
  const stop = new AbortController();
  // Slurm asks with SIGTERM, when it wants the node or the time limit is near, and kills some seconds later.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1'] as const)
    process.on(signal, () => stop.abort(new Error(signal)));
  const { store } = options;
  const ended =
    store === undefined ? await fromParcel(options, stop.signal) : await inStore(store, options, stop.signal);
  if (!ended.ok) printFailures([ended.error]);
  // Nothing that is still open may keep a node that somebody pays for.
  process.exit(ended.ok ? exitCodes.done : exitCodes.failed);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function inStore(store: string, options: PilotCommandOptions, stop: AbortSignal): Promise<Result<PilotEnd>> {
  const file = clusterLayout(store, options.class).spec;
  let spec: PilotSpec;
  try {
    spec = JSON.parse(readFileSync(file, 'utf8')) as PilotSpec;
  } catch (problem) {
    const hint = 'the store must lie on a file system that all nodes share, under the same path; else name a remote';
    return err(failure('pilot-spec', `this node does not see ${file}: ${(problem as Error).message}`, { hint }));
  }
  const carry = (open: Parameters<typeof sharedCarrier>[0], pilot: Parameters<typeof sharedCarrier>[2]) =>
    sharedCarrier(open, options.class, pilot);
  return runPilot({ store, carry, spec, submit: options.submit, env: process.env, stop, say });
}

/** Nothing is shared: the tasks came with the batch script, and the store is one of the pilot's own. */
async function fromParcel({ submit }: PilotCommandOptions, stop: AbortSignal): Promise<Result<PilotEnd>> {
  const { spec, remote: address, sizes, ...parcel } = unpack(await text(process.stdin));
  const remote = await openRemote(address, { env: process.env, signal: AbortSignal.any([]) });
  if (!remote.ok) return remote;
  const tasks = tasksFor(parcel, Number(process.env['SLURM_ARRAY_TASK_ID'] ?? 0));
  const store = await mkdtemp(join(tmpdir(), 'pipe-pilot-'));
  try {
    return await runPilot({
      store,
      carry: (open, pilot) => remoteCarrier(open, remote.value, pilot, tasks, sizes, say),
      spec,
      submit,
      env: process.env,
      stop,
      say,
    });
  } finally {
    await rm(store, { recursive: true, force: true });
  }
}
