import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { execa } from 'execa';
import { type PilotLine, parsePilotLine } from '../../../src/cluster/pilot-line.ts';
import type { RunEvent } from '../../../src/events/event.ts';
import { type FinishedRun, parseEvents, start } from '../../end-to-end/study.ts';
import { makeChain } from '../../end-to-end/support/chain.ts';

/** A command of the cluster; its output. */
export async function slurm(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa(command, args, { reject: false });
  return stdout;
}

/** A line of JSON or YAML: what a pipeline says of the cluster. */
export type SlurmText = string;

/**
 * A stage of parts under the control of a test: each part notes that it began in `began`, then waits for the file `go` where it is
 * held, takes its time, or fills memory.
 */
const workKind = `
import { appendFileSync, existsSync, watch } from 'node:fs';
import { join } from 'node:path';
const waitFor = (folder, name) => new Promise((resolve) => {
  const look = () => { if (existsSync(join(folder, name))) { watcher.close(); resolve(); } };
  const watcher = watch(folder, look);
  look();
});
export const work = {
  kind: 'work', version: 1, description: 'parts under control',
  params: { type: 'object', additionalProperties: false, properties: {
    parts: { type: 'integer' }, held: { type: 'boolean', default: false }, seconds: { type: 'number', default: 0 }, mebibytes: { type: 'integer', default: 0 },
  } },
  inputs: {},
  outputs: { table: { type: 'table', description: 'the sum' } },
  fanOut: {
    expand: ({ params: { parts, ...how } }) => ({ ok: true, value: Array.from({ length: parts }, (_, part) => ({ name: 'part ' + part, params: { part, ...how }, seedParts: [part], likeness: { how } })) }),
    part: {
      kind: 'work-part', version: 1, description: 'one part', params: { type: 'object' }, inputs: {},
      outputs: { table: { type: 'table', description: 'its number' } },
      run: async ({ params, root, outputs, signal }) => {
        if (params.held || params.seconds > 0 || params.mebibytes > 0) appendFileSync(join(root, 'began'), params.part + '\\n');
        if (params.held) await waitFor(root, 'go');
        const filled = Buffer.alloc(params.mebibytes * 2 ** 20, 1);
        if (params.seconds > 0) await new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, 1000 * params.seconds);
          signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); });
        });
        outputs.table.write({ columns: [{ name: 'x', kind: 'number', values: Int32Array.of(params.part + filled.length * 0) }] });
        return { ok: true, value: undefined };
      },
    },
  },
  run: async ({ parts, outputs }) => {
    const sum = parts.reduce((total, { artifacts }) => total + artifacts.table.numbers('x')[0], 0);
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values: Int32Array.of(sum) }] });
    return { ok: true, value: undefined };
  },
};
`;

export interface Work {
  readonly folder: string;
  readonly file: string;
  readonly store: string;
  write(name: string, text: string): void;
}

/** A project with such a stage. */
export function makeWork(params: string, cluster: SlurmText): Work {
  return makeChain({
    'chain.yaml': `pipeline: work
executor: slurm
executors: {slurm: ${cluster}}
stages:
  work: {uses: ./kinds/work.js, with: ${params}}
`,
    'kinds/work.js': workKind,
  });
}

/** Starts a run whose events can be waited for. */
export function follow(file: string, ...args: readonly string[]) {
  const subprocess = start(['run', file, '--json', ...args]);
  const seen: RunEvent[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  subprocess.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    seen.push(...parseEvents(lines.join('\n')));
    for (const look of waiting) look();
  });
  return {
    subprocess,
    seen,
    pid: subprocess.pid as number,
    /** The first event of this form, that is there or that comes. */
    until: (wanted: (event: RunEvent) => boolean): Promise<RunEvent> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = seen.find(wanted);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void subprocess.then(({ stderr }) => reject(new Error(`the run ended before that: ${stderr}`)));
      }),
    end: async (): Promise<FinishedRun> => {
      const { exitCode, stderr } = await subprocess;
      const ran = seen.flatMap((event) => (event.type === 'job-finished' && !event.cached ? [event.job] : [])).sort();
      return { exitCode, events: seen, stderr, ran };
    },
  };
}

/** What all pilots of a store have told, each pilot's lines in their order. */
export function pilotLines(store: string): PilotLine[] {
  const classes = readdirSync(join(store, 'cluster')).map((name) => join(store, 'cluster', name, 'pilots'));
  return classes.flatMap((pilots) =>
    readdirSync(pilots).flatMap((pilot) => {
      const text = readFileSync(join(pilots, pilot, 'journal.jsonl'), 'utf8');
      return text.split('\n').flatMap((line) => parsePilotLine(line) ?? []);
    }),
  );
}

/** How often the result of each job was made by any pilot, by fingerprint. */
export function timesMade(store: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const line of pilotLines(store))
    if (line.type === 'task' && line.event.type === 'job-finished')
      times.set(line.fingerprint, (times.get(line.fingerprint) ?? 0) + 1);
  return times;
}

/** Asks again until it is so; the limit is the test's own. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await after(100);
}

/** Ends what an earlier test has left in the queue, and gives the nodes back. */
export async function emptyCluster(): Promise<void> {
  await slurm('scancel', '--user=root');
  await until(async () => (await slurm('squeue', '--noheader')) === '');
  for (const node of ['n1', 'n2']) await slurm('scontrol', 'update', `nodename=${node}`, 'state=resume');
  await until(async () =>
    (await slurm('sinfo', '--noheader', '--Node', '--format=%T')).split('\n').every((state) => state === 'idle'),
  );
}
