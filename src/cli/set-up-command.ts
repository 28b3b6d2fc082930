import { chooseBuild } from '../backend/choice.ts';
import { setUpBackend } from '../backend/set-up.ts';
import { createProgressBar } from '../util/progress-bar.ts';
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
  const bar = createProgressBar(process.stdout);
  const result = await setUpBackend({
    build: choice.value.build,
    env: process.env,
    signal: stopping.signal,
    onEvent: (event) => {
      if (event.type === 'progress') bar.update(event.label, event.done, event.total);
      else bar.end();
      if (event.type === 'step') process.stdout.write(`${event.number}/${event.of} ${event.title}\n`);
      if (event.type === 'waiting') process.stdout.write('another process is setting it up: waiting for it\n');
      if (event.type === 'notice') process.stdout.write(`${event.text}\n`);
    },
  });
  bar.end();
  if (!result.ok) {
    printFailures([result.error]);
    return stopping.signal.aborted ? exitCodes.interrupted : exitCodes.usage;
  }
  process.stdout.write(`Ready: TensorFlow ${result.value.tensorflow} in ${result.value.folder}\n`);
  return exitCodes.done;
}
