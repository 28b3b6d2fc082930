import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../end-to-end/study.ts';
import { makeChain } from '../end-to-end/support/chain.ts';
import { expectQuiet, openBrowser, openPage } from './support/browser.ts';
import { servePage } from './support/serve.ts';
import { endOf, finishedJob, startOf, writeRun } from './support/written-runs.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Markup that would tell of itself if a browser took it for markup. */
const evil = (place: string): string =>
  `<img src=x onerror="window.hit='${place}'"><script>window.hit='${place}'</script>`;

/** Nothing of it became an element, and nothing of it ran. */
async function expectHarmless(page: Page): Promise<void> {
  expect(await page.locator('img[src="x"], main script').count()).toBe(0);
  expect(await page.evaluate(() => (window as unknown as { hit?: string }).hit)).toBeUndefined();
}

test('names of pipelines, stages, jobs, pins, messages and hints are text', async () => {
  const folder = makeChain().store;
  const written = writeRun(folder);
  const stage = evil('stage');
  const failed = `${stage} fold 1/2 ${evil('combination')}`;
  written.write(
    startOf(written.run, evil('pipeline'), [stage, `search[${evil('model')}]`]),
    { type: 'notice', level: 'warning', text: evil('notice') },
    { type: 'stage-started', stage, jobs: 2, cachedJobs: 0 },
    finishedJob(stage, `${stage} fold 2/2 ${evil('combination')}`, 0.5),
    {
      type: 'job-failed',
      stage,
      job: failed,
      failure: { code: 'x', message: evil('message'), hint: evil('hint'), detail: evil('detail') },
      log: '',
    },
    endOf('failed', 1),
  );
  written.end();
  const served = await servePage(folder);
  const opened = await openPage(browser, served.address);
  const { page } = opened;
  await page.getByRole('link', { name: evil('pipeline') }).waitFor();
  await expectHarmless(page);
  await page.getByRole('link', { name: evil('pipeline') }).click();
  for (const place of ['pipeline', 'notice', 'message', 'hint']) await page.getByText(evil(place)).first().waitFor();
  await page.getByRole('link', { name: failed }).click();
  await page.getByRole('heading', { name: failed }).waitFor();
  await page.getByText(evil('detail')).waitFor();
  await expectHarmless(page);
  expectQuiet(opened);
  await served.stop();
});

/** A server that is not the page's: nothing may be asked of it. */
async function listenForAnything() {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    answer.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { asked, address: `http://127.0.0.1:${port}`, close: () => server.close() };
}

const artifactKind = `
const evil = ${String(evil)};
export const make = {
  kind: 'make', version: 1, description: 'what others made',
  params: { type: 'object', additionalProperties: false, properties: { rows: { type: 'integer' } } },
  inputs: {},
  outputs: { samples: { type: 'samples', description: 'samples' }, files: { type: 'blob', description: 'files' } },
  run: async ({ outputs, log }) => {
    log(evil('log'));
    const image = Uint8Array.from({ length: 4 * 64 }, (_, index) => index);
    outputs.samples.write({
      columns: [
        { name: 'id', kind: 'number', values: Int32Array.of(0, 1, 2, 3) },
        { name: 'image', kind: 'tensor', shape: [8, 8], values: image },
        { name: 'label', kind: 'number', values: Int32Array.of(0, 1, 0, 1) },
        { name: evil('column'), kind: 'text', values: [0, 1, 2, 3].map(() => evil('cell')) },
      ],
      metadata: { classes: JSON.stringify([evil('class'), 'b']), source: evil('source') },
    });
    const page = '<!doctype html><title>t</title><p id="told">quiet</p><script>document.getElementById("told").textContent = "it ran"; fetch("/api/runs")</script>' +
      ['<img src="FOREIGN/img">', '<link rel="stylesheet" href="FOREIGN/style">', '<link rel="prefetch" href="FOREIGN/prefetch">', '<iframe src="FOREIGN/frame"></iframe>',
        '<style>@import url("FOREIGN/import"); p { background: url("FOREIGN/background") }</style>', '<meta http-equiv="refresh" content="0;url=FOREIGN/refresh">', '<object data="FOREIGN/object"></object>']
        .join('').replaceAll('FOREIGN', process.env.PIPE_TEST_FOREIGN);
    const names = [evil('file'), 'page.html', 'drawing.svg'];
    outputs.files.write({ columns: [
      { name: 'name', kind: 'text', values: names },
      { name: 'media_type', kind: 'text', values: ['text/plain', 'text/html', 'image/svg+xml'] },
      { name: 'content', kind: 'binary', values: [Buffer.from('text'), Buffer.from(page), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')] },
    ] });
    return { ok: true, value: undefined };
  },
};
`;

test('classes, columns, cells, metadata, logs and names of files are text; a document in an artifact runs nothing', async () => {
  const { file, store } = makeChain({
    'chain.yaml': 'pipeline: made\nstages:\n  make: {uses: ./kinds/make.js, with: {rows: 3}}\n',
    'kinds/make.js': artifactKind,
  });
  const foreign = await listenForAnything();
  process.env['PIPE_TEST_FOREIGN'] = foreign.address;
  expect((await run({ file })).exitCode).toBe(0);
  const served = await servePage(store, ['@1']);
  const opened = await openPage(browser, served.address);
  const { page, context } = opened;
  await page.getByText(evil('log')).waitFor();
  await page.getByRole('link', { name: 'samples' }).click();
  for (const place of ['column', 'cell', 'source']) await page.getByText(evil(place)).first().waitFor();
  await page
    .getByRole('img', { name: evil('class') })
    .first()
    .waitFor();
  await expectHarmless(page);

  await page.goBack();
  await page.getByRole('link', { name: 'files' }).click();
  await page.getByRole('link', { name: evil('file') }).waitFor();
  await expectHarmless(page);
  const [shown] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'page.html' }).click(),
  ]);
  await shown.waitForLoadState();
  expect(await shown.locator('#told').textContent()).toBe('quiet');
  await shown.screenshot();
  expect(shown.url()).toContain(new URL(served.address).origin);
  expect(foreign.asked).toEqual([]);
  foreign.close();

  // A drawing may hold scripts: it is not shown, only downloaded.
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'drawing.svg' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('drawing.svg');
  await served.stop();
});
