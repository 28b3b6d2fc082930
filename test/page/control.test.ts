import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectQuiet, type OpenPage, openBrowser, openPage } from './support/browser.ts';
import { makeHeldStudy } from './support/held-study.ts';
import { runWithPage, type ServedPage, servePage } from './support/serve.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const folds = ['fold 1/2 a=1', 'fold 2/2 a=1', 'fold 1/2 a=2'];

/** The page shows another run than this one. */
async function another({ page }: OpenPage, run: ServedPage): Promise<void> {
  const [name = ''] = /[0-9A-Z]{26}/.exec(run.address) ?? [];
  await page.waitForURL(({ hash }) => /[0-9A-Z]{26}/.test(hash) && !hash.includes(name));
}

/** A run of the folds by two workers, and the page that shows it as soon as both are at one. */
async function beginRun() {
  const study = makeHeldStudy(folds);
  const run = await runWithPage(study.file, ['--workers', '2', '--store', study.store], study.env);
  const page = await servePage(study.store, ['@1'], study.env);
  const opened = await openPage(browser, page.address);
  const cell = (name: RegExp) => opened.page.getByRole('gridcell', { name });
  await expect.poll(() => cell(/, running/).count()).toBe(2);
  return { study, run, page, opened, cell };
}

test('a run is stopped: softly running jobs end first, at once they do not; then it is begun again and goes on', async () => {
  const { study, run, page, opened, cell } = await beginRun();
  study.tell(0, 'end 0.5');
  await cell(/^\.500 ?, done/).waitFor();

  await opened.page.getByRole('button', { name: 'Stop …' }).click();
  await opened.page.getByRole('button', { name: 'Finish running jobs, then stop' }).click();
  await opened.page.getByRole('dialog').waitFor({ state: 'hidden' });
  for (const fold of [1, 2]) study.tell(fold, 'end 0.25');
  expect(await run.ended).toBe(130);
  await opened.page.getByText('interrupted').waitFor();

  // What was done is kept: the new run makes the rest. Its process is a child of the page's and goes on without it.
  await opened.page.getByRole('button', { name: 'Try again' }).click();
  await another(opened, run);
  await opened.page.getByText(/^took .* cached/).waitFor();
  expectQuiet(opened);
  await page.stop();
});

test('"at once" ends jobs that run', async () => {
  const { run, page, opened, cell } = await beginRun();
  await opened.page.keyboard.press('s');
  await opened.page.getByRole('button', { name: 'Stop at once' }).click();
  expect(await run.ended).toBe(130);
  await cell(/, (stopped|failed)/)
    .first()
    .waitFor();
  expectQuiet(opened);
  await page.stop();
});

test('a job that failed says why, and is tried again; what was made is taken from the store', async () => {
  const study = makeHeldStudy(folds);
  study.tell(0, 'end 0.5');
  study.tell(1, 'fail no such <b>class</b>');
  study.tell(2, 'end 0.25');
  const run = await runWithPage(study.file, ['--workers', '1', '--store', study.store], study.env);
  expect(await run.ended).toBe(1);
  study.forget();
  for (const fold of [0, 1, 2]) study.tell(fold, 'end 0.75');

  const page = await servePage(study.store, ['@1'], study.env);
  const opened = await openPage(browser, page.address);
  const alert = opened.page.getByRole('alert').filter({ hasText: 'no such <b>class</b>' }).first();
  await alert.getByRole('link', { name: 'search fold 2/2 a=1' }).click();
  await opened.page.getByRole('heading', { name: 'search fold 2/2 a=1' }).waitFor();
  await opened.page.getByLabel('Log of search fold 2/2 a=1').getByText('told: fail no such <b>class</b>').waitFor();

  await opened.page.getByRole('button', { name: 'Try again' }).first().click();
  await another(opened, run);
  await opened.page.getByText(/^took .* cached/).waitFor();
  await opened.page.getByRole('button', { name: /^search ?,/ }).click();
  // Told again it would be 0.75: the first fold was taken from the store.
  await opened.page.getByRole('gridcell', { name: /^\.500 ?, (cached|done)/ }).waitFor();
  await opened.page
    .getByRole('gridcell', { name: /^\.750 ?, done/ })
    .first()
    .waitFor();
  expectQuiet(opened);
  await page.stop();
});

test('one job is cancelled, and not tried again; the others go on to their end', async () => {
  const { study, run, page, opened, cell } = await beginRun();
  await cell(/, running/)
    .first()
    .click();
  await opened.page.getByRole('heading', { name: 'search fold 1/2 a=1' }).waitFor();
  await opened.page.getByRole('button', { name: 'Cancel the job …' }).click();
  await opened.page.getByRole('button', { name: 'Let it run' }).click();
  await opened.page.getByRole('button', { name: 'Cancel the job …' }).click();
  await opened.page.getByRole('button', { name: 'Cancel it' }).click();
  await opened.page.getByRole('alert').filter({ hasText: 'the job was cancelled' }).first().waitFor();
  await cell(/, failed/).waitFor();
  study.tell(1, 'end 0.5');
  study.tell(2, 'end 0.5');
  expect(await run.ended).toBe(1);
  await cell(/^\.500 ?, done/)
    .first()
    .waitFor();
  expectQuiet(opened);
  await page.stop();
});

test('a run that has ended meanwhile is not stopped, and the page says so', async () => {
  const { run, page, opened } = await beginRun();
  await opened.page.getByRole('button', { name: 'Stop …' }).click();
  run.child.kill('SIGKILL');
  await run.ended;
  await opened.page.getByRole('button', { name: 'Stop at once' }).click();
  await opened.page.getByRole('dialog').getByRole('alert').filter({ hasText: 'it has ended' }).waitFor();
  await page.stop();
});
