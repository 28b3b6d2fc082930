import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { reportPage } from '../report/page.ts';
import { type Figure, figuresOf } from '../report/standalone.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';
import { studyOfRun } from './study-of-run.ts';

interface PlotOptions {
  readonly format: 'svg' | 'png';
  readonly output: string;
  readonly scale: number;
  readonly list: boolean;
  readonly store?: string;
}

/** `pipe plot`: the figures of a run's report as files. */
export async function plotCommand(
  reference: string | undefined,
  wanted: readonly string[],
  options: PlotOptions,
): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const study = studyOfRun(store, reference ?? '@1', undefined);
    if (!study.ok) return refused(study);
    const figures = figuresOf(reportPage(study.value));
    if (options.list) {
      process.stdout.write(figures.map(({ id, title }) => `${id}  ${title}\n`).join(''));
      return exitCodes.done;
    }
    const picked = pick(figures, wanted);
    if (!picked.ok) return refused(picked);
    const written = await write(picked.value, options);
    if (!written.ok) return refused(written);
    process.stdout.write(written.value.map((path) => `${path}\n`).join(''));
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

function refused(
  result: Result<never> | { readonly ok: false; readonly error: Parameters<typeof printFailures>[0][number] },
): number {
  if (!result.ok) printFailures([result.error]);
  return exitCodes.usage;
}

function pick(figures: readonly Figure[], wanted: readonly string[]): Result<readonly Figure[]> {
  if (wanted.length === 0) return ok(figures);
  const picked: Figure[] = [];
  for (const id of wanted) {
    const found = figures.find((figure) => figure.id === id);
    if (found === undefined) {
      const hint = suggestion(
        id,
        figures.map((figure) => figure.id),
      );
      return err(
        failure('plot-unknown', `the report has no figure "${id}"`, { hint: `${hint} pipe plot --list names them.` }),
      );
    }
    picked.push(found);
  }
  return ok(picked);
}

async function write(figures: readonly Figure[], { format, output, scale }: PlotOptions): Promise<Result<string[]>> {
  const png = format === 'png' ? await painter(scale) : ok(undefined);
  if (!png.ok) return png;
  const paths: string[] = [];
  try {
    mkdirSync(output, { recursive: true });
    for (const { id, svg } of figures) {
      const path = join(output, `${id}.${format}`);
      writeFileSync(path, png.value === undefined ? svg : png.value(svg));
      paths.push(path);
    }
  } catch (problem) {
    return err(systemFailure(`cannot write to ${output}`, problem));
  }
  return ok(paths);
}

/** Turns SVG into PNG (resvg, with the fonts of the system). */
async function painter(scale: number): Promise<Result<(svg: string) => Uint8Array>> {
  try {
    const { Resvg } = await import('@resvg/resvg-js');
    return ok((svg) => new Resvg(svg, { fitTo: { mode: 'zoom', value: scale } }).render().asPng());
  } catch {
    return err(
      failure('plot-png', 'PNG needs the package @resvg/resvg-js, which is not installed', {
        hint: 'npm install @resvg/resvg-js, or take --format svg',
      }),
    );
  }
}
