import { writeFileSync } from 'node:fs';
import type { Failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { markdownReport } from '../report/markdown.ts';
import { reportPage } from '../report/page.ts';
import type { Store } from '../store/store.ts';
import { ok, type Result } from '../util/result.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';
import { studyOfRun } from './study-of-run.ts';

interface ReportOptions {
  readonly output?: string;
  readonly title?: string;
  readonly md?: boolean;
  readonly store?: string;
}

/** `pipe report`: a report of a run, made of what its stages left, with how the run went. */
export async function reportCommand(reference: string | undefined, options: ReportOptions): Promise<number> {
  const code = await withExistingStore(options.store, (store) => {
    const made = makeReport(store, reference ?? '@1', options);
    if (!made.ok) {
      printFailures([made.error]);
      return exitCodes.usage;
    }
    const { text, run } = made.value;
    const path = options.output ?? (options.md === true ? '-' : `report-${run.slice(-8)}.html`);
    if (path === '-') process.stdout.write(text);
    else {
      try {
        writeFileSync(path, text);
      } catch (problem) {
        printFailures([systemFailure(`cannot write ${path}`, problem)]);
        return exitCodes.usage;
      }
      process.stdout.write(`${path}\n`);
    }
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

function makeReport(
  store: Store,
  reference: string,
  { title, md }: ReportOptions,
): Result<{ readonly text: string; readonly run: string }, Failure> {
  const study = studyOfRun(store, reference, title);
  if (!study.ok) return study;
  const text = md === true ? markdownReport(study.value) : reportPage(study.value);
  return ok({ text, run: study.value.run.id });
}
