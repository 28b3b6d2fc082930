import { failure } from '../errors/failure.ts';
import { fingerprintsOfRun } from '../plan/keep.ts';
import { findRun, readRun } from '../plan/runs.ts';
import { listPins, pinName, pinRun, removePin } from '../store/pins.ts';
import { plural } from '../terminal/format.ts';
import { suggestion } from '../util/suggest.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

/** `pipe pin`: lists the pins, or pins a run under a name. */
export async function pinCommand(
  run: string | undefined,
  name: string | undefined,
  options: { readonly store?: string; readonly json?: boolean },
): Promise<number> {
  const code = await withStore(options.store, (store) => {
    if (run === undefined) {
      const pins = listPins(store.layout);
      const text = pins.map((pin) =>
        `${pin.name}  ${pin.run}  ${readRun(store.layout, pin.run)?.pipeline ?? ''}`.trimEnd(),
      );
      if (options.json === true) process.stdout.write(`${JSON.stringify({ schema: 'pipe.pins/1', pins }, null, 2)}\n`);
      else process.stdout.write(pins.length === 0 ? 'No run is pinned.\n' : `${text.join('\n')}\n`);
      return exitCodes.done;
    }
    const found = findRun(store.layout, run);
    if (!found.ok) {
      printFailures([found.error]);
      return exitCodes.usage;
    }
    const wanted = name ?? `run-${found.value.slice(-8)}`;
    if (!pinName.test(wanted)) {
      const hint = 'a name starts with a letter and has letters, digits, ".", "_" and "-" only, at most 64';
      printFailures([failure('pin-name', `"${wanted}" cannot name a pin`, { hint })]);
      return exitCodes.usage;
    }
    pinRun(store.layout, wanted, found.value, store.leases.temporaryName('file'));
    const records = [...fingerprintsOfRun(store, found.value)].map((fingerprint) => store.find(fingerprint));
    const gone = records.filter((record) => record === undefined || record.evicted === true).length;
    const lost =
      gone === 0 ? '' : `; of ${plural(gone, 'job')} the artifacts are gone already, run it again to have them`;
    process.stdout.write(`${wanted} pins run ${found.value}: ${plural(records.length, 'job')} are kept${lost}\n`);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

/** `pipe unpin`. */
export async function unpinCommand(name: string, options: { readonly store?: string }): Promise<number> {
  const code = await withStore(options.store, (store) => {
    if (removePin(store.layout, name)) return exitCodes.done;
    const hint = suggestion(
      name,
      listPins(store.layout).map((pin) => pin.name),
    );
    printFailures([failure('pin-unknown', `there is no pin "${name}"`, { hint })]);
    return exitCodes.usage;
  });
  return code ?? exitCodes.usage;
}
