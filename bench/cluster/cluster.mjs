// What a run of many jobs on many nodes costs: the head's time and memory, and the calls of the file system of pilots and head. The
// pilots are real but for their jobs, and live in one process (crowd.mjs); sbatch and squeue are stand-ins.
//   npm run bench:cluster [-- JOBS,JOBS… PILOTS,PILOTS…]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { machine, root, writeResult } from '../common.mjs';
import { fanProject } from '../workers/fan-project.mjs';

const sizes = (process.argv[2] ?? '1000,10000').split(',').map(Number);
const pilotCounts = (process.argv[3] ?? '10,100').split(',').map(Number);
const work = mkdtempSync(join(tmpdir(), 'pipe-cluster-'));
const program = join(root, 'dist/src/cli/main.js');
/** Calls that a file server has to answer; what only touches an open file stays on the node. */
const calls =
  'open,openat,stat,lstat,newfstatat,statx,access,readlink,symlink,rename,link,unlink,unlinkat,mkdir,rmdir,chmod,fchmodat,utimensat,getdents64,fsync';

function project(jobs, pilots) {
  const file = fanProject(mkdtempSync(join(work, 'fan-')), jobs, 0);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text}executors: {slurm: {pilots: ${pilots}, memory: 4GB, time: 8h, idle: 5}}\n`);
  return file;
}

/** Starts the pilots that a run asks for: not as its descendants, so that what is counted of it is its own. */
function cluster(pilots, milliseconds, before = []) {
  const spool = mkdtempSync(join(work, 'spool-'));
  const ended = [];
  const watcher = watch(spool, (_, name) => {
    const file = join(spool, name);
    if (name.startsWith('.') || !existsSync(file)) return;
    const [count, line] = readFileSync(file, 'utf8').split('\n');
    rmSync(file);
    const value = (flag) => new RegExp(`'--${flag}' '([^']*)'`).exec(line)?.[1];
    const args = [value('store'), value('class'), value('submit'), count, String(milliseconds)];
    const [command, ...rest] = [
      ...before,
      process.execPath,
      '--max-old-space-size=12000',
      join(root, 'bench/cluster/crowd.mjs'),
      ...args,
    ];
    const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
    ended.push(new Promise((resolve) => child.on('exit', resolve)));
  });
  const path = `${join(root, 'bench/cluster/bin')}${delimiter}${process.env.PATH}`;
  return {
    env: { ...process.env, PATH: path, PIPE_CROWD_SPOOL: spool, PIPE_CROWD_PILOTS: String(pilots) },
    end: async () => {
      await Promise.all(ended);
      watcher.close();
    },
  };
}

/** A program with its arguments; its exit code. */
function ended(command, args, env) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return { child, code: new Promise((resolve) => child.on('exit', resolve)) };
}

/** Seconds of processor time of a process so far, and the most memory that it has had, in MiB. */
function usage(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, memory: Number(peak) / 1024 };
  } catch {
    return undefined;
  }
}

async function head(jobs, pilots, milliseconds) {
  const file = project(jobs, pilots);
  const args = ['run', file, '--executor', 'slurm', '--quiet'];
  const { env, end } = cluster(pilots, milliseconds);
  const started = performance.now();
  const { child, code: exit } = ended(process.execPath, [program, ...args], env);
  let last = { cpu: 0, memory: 0 };
  const timer = setInterval(() => {
    last = usage(child.pid) ?? last;
  }, 100);
  const code = await exit;
  clearInterval(timer);
  if (code !== 0) throw new Error(`the run of ${jobs} jobs ended with ${code}`);
  const wall = (performance.now() - started) / 1000;
  await end();
  const { attempts, lost } = leases(join(file, '..', 'artifacts'));
  return {
    what: 'head',
    jobs,
    pilots,
    milliseconds,
    wall: Number(wall.toFixed(1)),
    jobsPerSecond: Math.round(jobs / wall),
    headCpuPerJob: Number(((1000 * last.cpu) / jobs).toFixed(2)),
    headMemory: Math.round(last.memory),
    made: attempts,
    foundMade: lost,
  };
}

/** How many results pilots made, and how often one found that somebody else had made it, by what they told. */
function leases(store) {
  let attempts = 0;
  let lost = 0;
  for (const name of readdirSync(join(store, 'cluster')))
    for (const pilot of readdirSync(join(store, 'cluster', name, 'pilots'))) {
      const text = readFileSync(join(store, 'cluster', name, 'pilots', pilot, 'journal.jsonl'), 'utf8');
      attempts += text.split('"type":"job-finished"').length - 1;
      lost += text.split('"type":"made"').length - 1;
    }
  return { attempts, lost };
}

/** Calls by name that strace counted. */
function counted(file, per) {
  const table = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, count, name] = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$/.exec(line) ?? [];
    if (name !== undefined && name !== 'total') table[name] = Number((Number(count) / per).toFixed(2));
  }
  const all = Object.values(table).reduce((sum, count) => sum + count, 0);
  return { ...table, all: Number(all.toFixed(1)) };
}

/** Calls of one pilot and of the head for a job, above those of a run with a tenth of the jobs. */
async function fileCalls(jobs) {
  const files = { few: {}, many: {} };
  for (const [size, count] of [
    ['few', jobs / 10],
    ['many', jobs],
  ]) {
    const [pilot, own] = [join(work, `pilot-${size}`), join(work, `head-${size}`)];
    const strace = [
      'strace',
      '-f',
      '-c',
      '-U',
      'time-percent,total-time,avg-time,calls,errors,name',
      '-e',
      `trace=${calls}`,
    ];
    const { env, end } = cluster(1, 0, [...strace, '-o', pilot]);
    const args = ['run', project(count, 1), '--executor', 'slurm', '--quiet'];
    const code = await ended(strace[0], [...strace.slice(1), '-o', own, process.execPath, program, ...args], env).code;
    await end();
    if (code !== 0) throw new Error(`the run of ${count} jobs under strace ended with ${code}`);
    files[size] = { pilot, own };
  }
  const between = (kind) => {
    const [few, many] = [counted(files.few[kind], 1), counted(files.many[kind], 1)];
    const names = [...new Set([...Object.keys(few), ...Object.keys(many)])];
    return Object.fromEntries(
      names
        .map((name) => [name, Number((((many[name] ?? 0) - (few[name] ?? 0)) / (jobs * 0.9)).toFixed(2))])
        .filter(([, count]) => count >= 0.05),
    );
  };
  return { what: 'file calls a job', jobs, pilot: between('pilot'), head: between('own') };
}

const measurements = [];
function measure(row) {
  measurements.push(row);
  console.error(JSON.stringify(row));
}

try {
  if (spawnSync('strace', ['-V']).status === 0) measure(await fileCalls(1000));
  for (const jobs of sizes) for (const pilots of pilotCounts) measure(await head(jobs, pilots, 0));
  measure(await head(sizes[0], pilotCounts.at(-1), 2000));
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
}
writeResult(join(root, 'bench/results/cluster.json'), {
  machine: machine(),
  versions: { node: process.versions.node },
  measurements,
});
