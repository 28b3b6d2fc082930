import { chooseBuild } from '../backend/choice.ts';
import { setUpBackend } from '../backend/set-up.ts';
import { createProgressWriter } from '../util/progress-bar.ts';
import { exitCodes } from './command-line.ts';
import { printFailures } from './print-failure.ts';

/** `pipe setup`. */
export async function setUpCommand(options: { readonly cpu?: boolean; readonly gpu?: boolean }): Promise<number> {
  const wanted = options.cpu === true ? 'cpu' : options.gpu === true ? 'gpu' : 'auto';
  const choice = chooseBuild(wanted);
  if (!choice.ok) {
    printFailures([choice.error]);
    return exitCodes.usage;
  }
  process.stdout.write(`Native TensorFlow, ${choice.value.build} build (${choice.value.reason})\n`);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('interrupted')));
  const bar = createProgressWriter(process.stdout, { env: process.env, now: () => performance.now() });
  const result = await setUpBackend({
    build: choice.value.build,
    env: process.env,
    signal: stopping.signal,
    onEvent: (event) => {
      if (event.type === 'progress') bar.update(event.label, event.done, event.total);
      if (event.type === 'step') bar.line(`${event.number}/${event.of} ${event.title}`);
      if (event.type === 'waiting') bar.line('another process is setting it up: waiting for it');
      if (event.type === 'notice') bar.line(event.text);
    },
  });
  bar.finish();
  if (!result.ok) {
    printFailures([result.error]);
    return stopping.signal.aborted ? exitCodes.interrupted : exitCodes.usage;
  }
  process.stdout.write(`Ready: TensorFlow ${result.value.tensorflow} in ${result.value.folder}\n`);
  return exitCodes.done;
}
