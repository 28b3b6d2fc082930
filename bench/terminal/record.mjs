// Records what a person sees of a small run of pipelines/emnist.yaml, and of the same run again, in a window of tmux: an
// animated picture for the docs. npm run record:terminal (with PIPE_DATA naming a folder with EMNIST)
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../common.mjs';
import { animatedSvg } from './screen-svg.mjs';

const columns = 100;
const rows = 30;
const picture = join(root, 'docs/terminal.svg');
const everyMilliseconds = 300;
const longestSeconds = 180;
/** How long a screen stays that people are to read, in seconds. */
const reading = 4;

const settings = `samples: 2500
test: 500
folds: 3
epochs: 2
fit: {mlp: {epochs: 2}, cnn: {epochs: 2}, lstm: {epochs: 2}, cnn-lstm: {epochs: 2}}
`;

/** A folder as a reader has it: the pipeline, the data, and \`pipe\` on the path. No path of this machine is seen. */
function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-record-'));
  const project = join(folder, 'study');
  mkdirSync(join(project, 'bin'), { recursive: true });
  cpSync(join(root, 'pipelines'), join(project, 'pipelines'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{"name": "study", "type": "module"}\n');
  writeFileSync(join(project, 'quick.yaml'), settings);
  if (process.env.PIPE_DATA !== undefined) symlinkSync(process.env.PIPE_DATA, join(project, 'data'));
  symlinkSync(join(root, 'dist/src/cli/main.js'), join(project, 'bin/pipe'));
  return { folder, project };
}

const socket = `pipe-record-${process.pid}`;
const tmux = (...words) => execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
const capture = () => tmux('capture-pane', '-e', '-p', '-t', 'record').split('\n').slice(0, rows);
const plain = (lines) => lines.map((line) => line.replace(/\u001b\[[0-9;]*m/g, '').trimEnd());

/** Types a command and takes screens until the prompt is there again. */
async function film(screens, seconds, command) {
  tmux('send-keys', '-t', 'record', '-l', command);
  await take(screens, seconds);
  await pause(700);
  tmux('send-keys', '-t', 'record', 'Enter');
  const end = Date.now() + 1000 * longestSeconds;
  for (;;) {
    await pause(everyMilliseconds);
    const lines = await take(screens, seconds);
    if (lines.filter((line) => line !== '').at(-1) === '$' && lines.some((line) => line.startsWith('Report:'))) return;
    if (Date.now() > end) throw new Error(`the run did not end in ${longestSeconds} s:\n${lines.join('\n')}`);
  }
}

async function take(screens, seconds) {
  const lines = capture();
  if (screens.at(-1)?.lines.join('\n') !== lines.join('\n')) screens.push({ at: seconds(), lines });
  return plain(lines);
}

const { folder, project } = makeProject();
try {
  const { PIPE_DATA: _, PIPE_STORE: __, CI: ___, ...env } = process.env;
  execFileSync(
    'tmux',
    [
      '-L',
      socket,
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-s',
      'record',
      '-x',
      `${columns}`,
      '-y',
      `${rows}`,
      '-c',
      project,
    ].concat(['env', `PATH=${join(project, 'bin')}:${process.env.PATH}`, 'PS1=$ ', 'bash', '--norc', '--noprofile']),
    { env: { ...env, TERM: 'xterm-256color' } },
  );
  await pause(500);
  tmux('send-keys', '-t', 'record', 'clear', 'Enter');
  await pause(300);
  const screens = [];
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const command = 'pipe run pipelines/emnist.yaml --params quick.yaml';
  await film(screens, seconds, command);
  const still = screens.length - 1;
  await pause(1000 * reading);
  tmux('send-keys', '-t', 'record', 'clear', 'Enter');
  await pause(300);
  await film(screens, seconds, command);
  const title = 'pipe run: a study runs, stage by stage, with time left and scores; run again, all is cached';
  const first = screens[0].at;
  const shown = screens.map(({ at, lines }) => ({ at: at - first, lines: lines.map((line) => line.trimEnd()) }));
  const widest = Math.max(...shown.flatMap(({ lines }) => plain(lines).map((line) => line.length)));
  const highest = Math.max(...shown.map(({ lines }) => plain(lines).findLastIndex((line) => line !== '') + 1));
  const svg = animatedSvg({ screens: shown, columns: widest + 1, rows: highest, hold: reading, still, title });
  writeFileSync(picture, svg);
  console.log(`${screens.length} screens, ${Math.round(svg.length / 1000)} kB: docs/terminal.svg`);
} finally {
  tmux('kill-server');
  rmSync(folder, { recursive: true, force: true });
}
