// Pushes a run to a real remote, pulls it into an empty store, and runs there: nothing may be left to do. Then damage and
// wrong credentials. Called by run.sh with a temporary folder.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const work = process.argv[2];
const programs = process.env.PIPE_PEERS_GO_BIN;
const cli = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));

const project = join(work, 'project');
mkdirSync(project);
writeFileSync(join(project, 'package.json'), '{}');
writeFileSync(
  join(project, 'study.yaml'),
  `pipeline: shared
stages:
  make: {matrix: {n: [1, 2, 3]}, uses: command, with: {run: 'seq 200000 > $PIPE_OUTPUT/\${matrix.n}.txt'}}
  add: {uses: command, from: {inputs: [make]}, with: {run: 'cat "$PIPE_INPUT_MAKE_1" "$PIPE_INPUT_MAKE_3" | wc > $PIPE_OUTPUT/count'}}
`,
);

function pipe(args, env = {}) {
  const { PIPE_STORE: _, ...own } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: project,
    encoding: 'utf8',
    env: { ...own, ...env },
  });
  return { status, text: stdout + stderr };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a server and comes back when it takes connections. */
async function start(program, programArguments, port, env = {}) {
  const server = spawn(join(programs, program), programArguments, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  server.stderr.on('data', (text) => {
    said += text;
  });
  for (let tries = 0; ; tries++) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return server;
    if (server.exitCode !== null || tries > 300) throw new Error(`${program} did not start: ${said}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

function sameBlobs(left, right) {
  const names = filesBelow(join(left, 'cas'));
  assert.deepEqual(filesBelow(join(right, 'cas')), names);
  for (const name of names)
    assert.ok(readFileSync(join(left, 'cas', name)).equals(readFileSync(join(right, 'cas', name))), name);
}

let passed = 0;
function check(title, action) {
  action();
  passed++;
  console.log(`ok: ${title}`);
}

/** The same for each remote. `damage` spoils what the server holds of a blob. */
function share(name, address, env, damage) {
  const there = join(work, `store-${name}`);
  check(`${name}: a run is pushed, a second time nothing goes`, () => {
    const first = pipe(['push', address], env);
    assert.equal(first.status, 0, first.text);
    assert.match(first.text, /4 jobs sent .*: 5 files that it lacked/);
    assert.match(pipe(['push', address], env).text, /: 0 files that it lacked/);
  });
  check(`${name}: an empty store pulls it, byte for byte, and has nothing to do`, () => {
    const pulled = pipe(['pull', address, 'study.yaml', '--store', there], env);
    assert.equal(pulled.status, 0, pulled.text);
    assert.match(pulled.text, /4 stages fetched/);
    sameBlobs(join(project, 'artifacts'), there);
    assert.match(pipe(['run', 'study.yaml', '--store', there]).text, /Nothing to do/);
    assert.match(pipe(['verify', '--all', '--store', there]).text, /all are whole/);
  });
  check(`${name}: of a changed pipeline it pulls what is the same`, () => {
    const text = readFileSync(join(project, 'study.yaml'), 'utf8').replace('| wc', '| wc -l');
    writeFileSync(join(project, 'changed.yaml'), text);
    rmSync(there, { recursive: true });
    assert.match(
      pipe(['pull', address, 'changed.yaml', '--store', there], env).text,
      /3 stages fetched .*; 1 stage to run/,
    );
  });
  check(`${name}: damaged artifacts are refused, and nothing of them is kept`, () => {
    damage();
    rmSync(there, { recursive: true });
    const { status, text } = pipe(['pull', address, 'study.yaml', '--store', there], env);
    assert.equal(status, 1, text);
    assert.match(text, /damaged|sent something else|answered 5|cannot be used/);
    assert.deepEqual(filesBelow(join(there, 'cas')), []);
  });
}

const firstRun = pipe(['run', 'study.yaml']);
assert.equal(firstRun.status, 0, firstRun.text);
const servers = [];
try {
  const cache = join(work, 'cache');
  const cachePort = await freePort();
  const settings = [
    '--dir',
    cache,
    '--max_size',
    '1',
    '--storage_mode',
    'uncompressed',
    '--http_address',
    `127.0.0.1:${cachePort}`,
    '--grpc_address',
    'none',
  ];
  servers.push(await start('bazel-remote', settings, cachePort));
  share('bazel-remote', `http://127.0.0.1:${cachePort}`, {}, () => {
    for (const name of filesBelow(join(cache, 'cas.v2'))) {
      const path = join(cache, 'cas.v2', name);
      if (statSync(path).size > 100_000) spoil(path);
    }
  });

  const bucket = join(work, 'buckets', 'team');
  mkdirSync(bucket, { recursive: true });
  mkdirSync(join(work, 'versions'));
  const s3Port = await freePort();
  const owner = { ROOT_ACCESS_KEY: 'pipe', ROOT_SECRET_KEY: 'a-secret' };
  servers.push(
    await start('versitygw', ['--port', `127.0.0.1:${s3Port}`, 'posix', join(work, 'buckets')], s3Port, owner),
  );
  const aws = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${s3Port}`,
    AWS_ACCESS_KEY_ID: 'pipe',
    AWS_SECRET_ACCESS_KEY: 'a-secret',
    AWS_REGION: 'us-east-1',
  };
  check('S3: a wrong secret, and a bucket that is not there, are told', () => {
    assert.match(
      pipe(['push', 's3://team/x'], { ...aws, AWS_SECRET_ACCESS_KEY: 'wrong' }).text,
      /answered 403[\s\S]*check the credentials/,
    );
    assert.match(pipe(['push', 's3://nobody/x'], aws).text, /answered 404|NoSuchBucket/);
  });
  share('S3', 's3://team/some where/ü', aws, () => {
    for (const name of filesBelow(bucket)) {
      const path = join(bucket, name);
      if (statSync(path).size > 100_000) spoil(path);
    }
  });
  mkdirSync(join(work, 'folder'));
  share('a folder', join(work, 'folder'), {}, () => {
    for (const name of filesBelow(join(work, 'folder', 'cas'))) {
      const path = join(work, 'folder', 'cas', name);
      if (statSync(path).size > 100_000) spoil(path);
    }
  });
} finally {
  for (const server of servers) server.kill('SIGKILL');
}
console.log(`${passed} checks passed`);

function spoil(path) {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  execFileSync('chmod', ['u+w', path]);
  writeFileSync(path, bytes);
}
