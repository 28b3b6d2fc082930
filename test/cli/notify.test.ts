import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createNotification, type Notification, notify } from '../../src/cli/notify.ts';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';

const told: Notification = {
  schema: 'pipe.notification/1',
  run: 'R1',
  pipeline: 'study',
  profile: 'default',
  status: 'failed',
  seconds: 61,
  jobsRun: 3,
  jobsCached: 4,
  failures: [{ job: 'fit[cnn]', message: 'it broke' }],
  scores: { 'fit[mlp]': 0.8 },
  reports: ['artifacts/reports/study.html'],
  host: 'here',
};

/** A server that answers with these codes, one after another, and keeps what it got. */
async function serve(codes: number[], action: (address: string, bodies: string[]) => Promise<void>): Promise<void> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      const login = request.headers.authorization === undefined ? '' : ` ${request.headers.authorization}`;
      bodies.push(`${request.method}${login} ${request.headers['content-type']} ${body}`);
      response.writeHead(codes.shift() ?? 500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await action(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies);
  } finally {
    server.close();
  }
}

test('a web address gets the facts as JSON', async () => {
  await serve([204], async (address, bodies) => {
    expect(await notify(address, told)).toMatchObject({ ok: true });
    expect(bodies).toEqual([`POST application/json ${JSON.stringify(told)}`]);
  });
});

test('a server that fails once is asked again; one that goes on failing is a warning', async () => {
  await serve([500, 200], async (address, bodies) => {
    expect((await notify(address, told)).ok).toBe(true);
    expect(bodies).toHaveLength(2);
  });
  await serve([503, 503], async (address) => {
    expect(await notify(address, told)).toMatchObject({
      ok: false,
      error: { message: 'the notification was refused: 503 Service Unavailable' },
    });
  });
});

test('a server that is not there is a warning that says so', async () => {
  let gone = '';
  await serve([], async (address) => {
    gone = address;
  });
  expect(await notify(gone, told)).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('ECONNREFUSED') },
  });
});

test('a name and a password in the address go to the server, and into no message', async () => {
  await serve([200, 500, 500], async (address, bodies) => {
    const withLogin = address.replace('://', '://me:s%40cret@');
    expect((await notify(withLogin, told)).ok).toBe(true);
    const login = Buffer.from('me:s@cret').toString('base64');
    expect(bodies).toEqual([`POST Basic ${login} application/json ${JSON.stringify(told)}`]);
    expect(JSON.stringify(await notify(withLogin, told))).not.toContain('cret');
  });
  expect(JSON.stringify(await notify('http://me:100%cret@127.0.0.1:1/', told))).not.toContain('cret');
});

test('an address that is none is told with what would be right', async () => {
  expect(await notify('https://:x', told)).toMatchObject({
    ok: false,
    error: {
      message: expect.stringContaining('its web address is none'),
      hint: expect.stringContaining('https://host'),
    },
  });
});

test('a command line gets the facts on its input, and the main ones in its environment', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pipe-notify-')), 'told');
  expect((await notify(`(echo "$PIPE_STATUS $PIPE_PIPELINE $PIPE_RUN"; cat) > '${file}'`, told)).ok).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(`failed study R1\n${JSON.stringify(told)}\n`);
});

test('a command that fails, or does not read its input, changes nothing but a warning', async () => {
  expect(await notify('exit 3', told)).toMatchObject({
    ok: false,
    error: { message: "the notification's command ended with exit code 3" },
  });
  expect((await notify('exec <&-; true', told)).ok).toBe(true);
});

const end = (status: Notification['status'], jobsRun: number): UntimedEvent => ({
  ...{ type: 'run-finished', status, jobsRun, seconds: 1, jobsCached: 0, secondsSaved: 0 },
});
const broken = { code: 'x', message: 'its data is not there' };

test.each([
  ['one that computed something', [end('done', 1)], true],
  ['one whose first job failed', [end('failed', 0)], true],
  ['one that took all from the store', [end('done', 0)], false],
  ['one that was stopped before anything ran', [end('interrupted', 0)], false],
  ['one that has no end', [], false],
] as const)('%s is news: %s', (_, events, news) => {
  const taken = createNotification();
  for (const event of events) taken.onEvent({ at: 0, ...event });
  expect(taken.isNews()).toBe(news);
});

test('a stage that failed before it had a job is among the failures, one with a failed job once', () => {
  const taken = createNotification();
  const { run, pipeline, profile, host } = told;
  const begun = { file: 'f', params: {}, store: 's', workers: 1, backend: 'native', pid: 1 };
  const events: UntimedEvent[] = [
    { type: 'run-started', run, pipeline, profile, host, ...begun },
    { type: 'stage-finished', stage: 'ingest', status: 'failed', outputs: {}, failure: broken },
    { type: 'job-failed', stage: 'fit', job: 'fit fold 1', failure: broken, log: 'l' },
    { type: 'stage-finished', stage: 'fit', status: 'failed', outputs: {}, failure: broken },
    end('failed', 0),
  ];
  for (const event of events) taken.onEvent({ at: 0, ...event } as RunEvent);
  expect(taken.made([])?.failures.map(({ job }) => job)).toEqual(['ingest', 'fit fold 1']);
});

test('the facts are taken from the events', () => {
  const taken = createNotification();
  const { run, pipeline, profile, host, status, seconds, jobsRun, jobsCached } = told;
  const events: UntimedEvent[] = [
    {
      type: 'run-started',
      run,
      pipeline,
      profile,
      host,
      file: 'f',
      params: {},
      store: 's',
      workers: 1,
      backend: 'native',
      pid: 1,
    },
    {
      type: 'job-finished',
      stage: 'search',
      job: 'search fold 1',
      fingerprint: 'f',
      seconds: 1,
      cached: false,
      score: 0.99,
    },
    {
      type: 'job-finished',
      stage: 'fit[mlp]',
      job: 'fit[mlp]',
      fingerprint: 'f',
      seconds: 1,
      cached: true,
      score: 0.8,
    },
    { type: 'job-failed', stage: 'fit[cnn]', job: 'fit[cnn]', failure: { code: 'x', message: 'it broke' }, log: 'l' },
    { type: 'run-finished', status, seconds, jobsRun, jobsCached, secondsSaved: 0 },
  ];
  for (const event of events) taken.onEvent({ at: 0, ...event } as RunEvent);
  expect(taken.made(told.reports)).toEqual(told);
});
