import { execa } from 'execa';
import type { Environment } from '../backend/choice.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';

/** A job of the queue as Slurm tells of it. */
export interface SlurmJob {
  /** `123_4`: the array and the task of it. */
  readonly id: string;
  /** As `squeue` writes it: RUNNING, PENDING, TIMEOUT … */
  readonly state: string;
  /** Why it waits: Priority, Resources … */
  readonly reason: string;
  /** The name of the array. */
  readonly name: string;
}

/** The few commands of a Slurm cluster that are needed. Its accounting database is not. */
export interface Slurm {
  /** Hands in a batch script; the number of the job array. */
  submit(args: readonly string[]): Promise<Result<string>>;
  /** The jobs of these names, also those that have ended a short while ago. Failures: the controller does not answer. */
  list(names: readonly string[]): Promise<Result<readonly SlurmJob[]>>;
  cancel(ids: readonly string[]): Promise<Result<void>>;
  /** Tasks that one array may have. */
  largestArray(): Promise<number>;
}

/** The controller did not answer: nothing is known of what was asked. */
export const slurmSilent = 'slurm-silent';

/** Milliseconds for one command: a controller that is down is told after 9 to 18 s. */
const patience = 60_000;
const usualLargestArray = 1001;
/** Ids that one `scancel` is given. */
const atOnce = 100;

const silentTexts =
  /Unable to contact slurm controller|Socket timed out|Connection refused|slurm_load_jobs error|Zero Bytes/i;

/** The environment without what a job around this process has: a pilot is not part of it. */
function cleaned(env: Environment): Record<string, string> {
  const inherited =
    /^(SLURM_|SLURMD_|SRUN_|PMI_|PMIX_)|^CUDA_VISIBLE_DEVICES$|^GPU_DEVICE_ORDINAL$|^ROCR_VISIBLE_DEVICES$/;
  const kept = Object.entries(env).filter(
    ([name, value]) => value !== undefined && (name === 'SLURM_CONF' || !inherited.test(name)),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

/** The commands of the cluster that this machine belongs to. */
export function slurmCommands(env: Environment): Slurm {
  const run = async (command: string, args: readonly string[]): Promise<Result<string>> => {
    const ran = await execa(command, args, {
      env: cleaned(env),
      extendEnv: false,
      reject: false,
      timeout: patience,
      stdin: 'ignore',
    });
    if (!ran.failed) return ok(ran.stdout);
    return err(commandFailure(command, ran));
  };
  return {
    submit: async (args) => {
      const ran = await run('sbatch', args);
      if (!ran.ok) return ran;
      const [, id] = /^(\d+)(;|$)/m.exec(ran.value) ?? [];
      if (id !== undefined) return ok(id);
      return err(failure('slurm-answer', `sbatch did not tell a job number, but "${ran.value.slice(0, 200)}"`));
    },
    list: async (names) => {
      if (names.length === 0) return ok([]);
      const ran = await run('squeue', [
        '--noheader',
        '--array',
        '--states=all',
        `--name=${names.join(',')}`,
        '--format=%i|%T|%r|%j',
      ]);
      return ran.ok ? ok(ran.value.split('\n').flatMap((line) => parseJob(line) ?? [])) : ran;
    },
    cancel: async (ids) => {
      for (let first = 0; first < ids.length; first += atOnce) {
        const ran = await run('scancel', ids.slice(first, first + atOnce));
        if (!ran.ok) return ran;
      }
      return ok();
    },
    largestArray: async () => {
      const ran = await run('scontrol', ['show', 'config']);
      const [, size] = ran.ok ? (/^MaxArraySize\s*=\s*(\d+)/m.exec(ran.value) ?? []) : [];
      // Indices go up to one less than it.
      return Math.max(1, Number(size ?? usualLargestArray) - 1);
    },
  };
}

/** A line of `squeue`; undefined where it is none. */
export function parseJob(line: string): SlurmJob | undefined {
  const [id = '', state = '', reason = '', name = ''] = line.trim().split('|');
  return /^\d+(_\d+)?$/.test(id) && state !== '' ? { id, state, reason, name } : undefined;
}

function commandFailure(
  command: string,
  ran: {
    readonly code?: string | undefined;
    readonly stderr?: string | undefined;
    readonly exitCode?: number | undefined;
    readonly timedOut?: boolean;
  },
): Failure {
  if (ran.code === 'ENOENT')
    return failure('slurm-missing', `there is no ${command} on this machine`, {
      hint: 'start the run on a machine of the cluster that has the commands of Slurm; --executor local runs the jobs here',
    });
  const said = String(ran.stderr ?? '')
    .trim()
    .split('\n')
    .slice(-3)
    .join(' ')
    .replace(/^\w+: error: /, '');
  if (ran.timedOut === true || silentTexts.test(said))
    return failure(
      slurmSilent,
      `${command}: the controller of the cluster does not answer${said === '' ? '' : ` (${said})`}`,
    );
  return failure('slurm-refused', `${command} said no: ${said || `exit code ${ran.exitCode}`}`);
}

/** States in which a job may still begin or goes on; all that is unknown counts as one, until something better is known. */
const overStates = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'REVOKED',
  'SPECIAL_EXIT',
  'TIMEOUT',
]);

/** Whether a state is an end. PREEMPTED is none: such a job may be put back into the queue. */
export function isOver(state: string): boolean {
  return overStates.has(state);
}

/** Reasons for which a job waits for ever. */
const hopelessReasons =
  /^(DependencyNeverSatisfied|JobHeldUser|JobHeldAdmin|BadConstraints|PartitionTimeLimit|PartitionNodeLimit|AccountNotAllowed|InvalidAccount|InvalidQOS|QOSNotAllowed|JobLaunchFailure|launch[_ ]failed[_ ]requeued[_ ]held)/;

/** Whether a job that waits for this reason waits for ever. */
export function isHopeless(reason: string): boolean {
  return hopelessReasons.test(reason.replace(/[()]/g, ''));
}
