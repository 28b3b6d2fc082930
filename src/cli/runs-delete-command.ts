import { rmSync } from 'node:fs';
import { type Failure, failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { findRun } from '../plan/runs.ts';
import { listPins } from '../store/pins.ts';
import { plural } from '../terminal/format.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

/** `pipe runs delete`: removes what runs wrote down (journal, logs); their artifacts stay until `pipe gc` finds that nobody needs them. */
export async function runsDeleteCommand(
  references: readonly string[],
  options: { readonly store?: string },
): Promise<number> {
  const code = await withExistingStore(options.store, (store) => {
    const problems: Failure[] = [];
    const doomed = new Set<string>();
    const pins = listPins(store.layout);
    // All are looked up before any is removed: @2 would be another run after @1 is gone.
    for (const reference of references) {
      const found = findRun(store.layout, reference);
      const pin = found.ok ? pins.find(({ run }) => run === found.value) : undefined;
      if (!found.ok) problems.push(found.error);
      else if (store.leases.isLiving(found.value))
        problems.push(failure('run-living', `the run ${found.value} goes on`, { hint: 'stop it first' }));
      else if (pin !== undefined)
        problems.push(
          failure('run-pinned', `the run ${found.value} is pinned as ${pin.name}`, {
            hint: `pipe unpin ${pin.name} lets it go`,
          }),
        );
      else doomed.add(found.value);
    }
    if (problems.length > 0) {
      printFailures(problems);
      return exitCodes.usage;
    }
    try {
      for (const run of doomed) rmSync(store.layout.run(run), { recursive: true, force: true });
    } catch (problem) {
      printFailures([systemFailure('cannot remove a run', problem)]);
      return exitCodes.usage;
    }
    process.stdout.write(`${plural(doomed.size, 'run')} removed; pipe gc removes artifacts that nobody needs.\n`);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}
