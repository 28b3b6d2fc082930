import type { Head } from '../cluster/head.ts';
import type { SlurmSettings } from '../pipeline/executor.ts';
import type { Capacity } from '../schedule/demand.ts';
import { ok, type Result } from '../util/result.ts';
import type { RunScope } from './context.ts';
import { endedBySystem } from './ended-by-system.ts';
import { emitCached } from './job.ts';
import type { RunOptions } from './run.ts';

/** What all pilots have together, for the time that is expected. */
export function capacityOf({ pilots, cpus, memory }: SlurmSettings): Capacity {
  return { cpus: pilots * cpus, memory: pilots * (memory ?? Number.POSITIVE_INFINITY), gpus: [] };
}

/** The head of a run on a cluster; loaded only where there is one. */
export async function startHead(
  scope: RunScope,
  settings: SlurmSettings,
  options: Pick<RunOptions, 'env' | 'program' | 'stopNow'>,
): Promise<Result<Head>> {
  const [{ createHead }, { slurmCommands }] = await Promise.all([
    import('../cluster/head.ts'),
    import('../cluster/slurm.ts'),
  ]);
  const remote =
    settings.remote === undefined
      ? ok(undefined)
      : await (await import('../remote/remote.ts')).openRemote(settings.remote, {
          env: options.env,
          signal: options.stopNow,
        });
  if (!remote.ok) return remote;
  const head = createHead(
    { ...scope, emitCached: (looked, record) => emitCached(scope, looked, record) },
    {
      settings,
      slurm: slurmCommands(options.env),
      ...(remote.value === undefined ? {} : { remote: remote.value }),
      command: (className, submit) => [
        ...options.program,
        ...['pilot', '--class', className, '--submit', submit],
        ...(remote.value === undefined ? ['--store', scope.store.layout.root] : []),
      ],
    },
  );
  // Asked for by a person, jobs end; ended by the system, this process alone: the next run takes over what goes on.
  const stop = (): void => {
    if ((options.stopNow.reason as Error).message === endedBySystem) head.leave();
    else head.cancel();
  };
  options.stopNow.addEventListener('abort', stop, { once: true });
  return ok(head);
}
