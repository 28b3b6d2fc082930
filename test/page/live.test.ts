import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectQuiet, openBrowser, openPage } from './support/browser.ts';
import { makeHeldStudy } from './support/held-study.ts';
import { runWithPage, servePage } from './support/serve.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const folds = ['fold 1/2 width=8', 'fold 2/2 width=8', 'fold 1/2 width=16', 'fold 2/2 width=16'];

test('a run fills in while it goes on: states, folds, curves, log, progress; at its end all of it stays', async () => {
  const study = makeHeldStudy(folds);
  const run = await runWithPage(study.file, ['--workers', '2', '--store', study.store], study.env);
  const opened = await openPage(browser, run.address);
  const { page } = opened;
  const box = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} ?,`) });
  const cell = (name: RegExp) => page.getByRole('gridcell', { name });
  await box('make').and(page.locator('.box-done')).waitFor();
  await box('search').and(page.locator('.box-running')).waitFor();
  await box('scale').and(page.locator('.box-waiting')).waitFor();

  study.tell(0, 'epoch 0.25');
  await cell(/^\.250 ?, running, epoch 1 of 4/).waitFor();
  study.tell(0, 'epoch 0.5');
  await cell(/^\.500 ?, running, epoch 2 of 4/).waitFor();
  // Two points make a line.
  await page.locator('.line polyline').waitFor();
  await page.getByText('told: epoch 0.5').waitFor();
  const before = await page.getByRole('progressbar', { name: 'How far the run is' }).getAttribute('value');

  study.tell(0, 'end 0.75');
  await cell(/^\.750 ?, done/).waitFor();
  expect(Number(before)).toBeGreaterThan(0);
  expectQuiet(opened);

  // Not on a terminal the page ends with the run.
  for (const fold of [1, 2, 3]) study.tell(fold, `end ${(fold + 1) / 10}`);
  expect(await run.ended).toBe(0);
  const later = await servePage(study.store, ['@1']);
  const again = await openPage(browser, later.address);
  await again.page.getByText(/^took .* 7 jobs run/).waitFor();
  await again.page.getByRole('button', { name: /^search ?,/ }).click();
  // The best combination stands first, with its mean: (0.75 + 0.2) / 2 and (0.3 + 0.4) / 2.
  expect(await again.page.locator('.grid .mean').allInnerTexts()).toEqual(['mean', '.475', '.350']);
  await expect.poll(() => again.page.locator('.line').count()).toBe(4);
  expectQuiet(again);
  await later.stop();
});

test('a run that is killed is told, and so is its end when the page is served by another process', async () => {
  const study = makeHeldStudy(folds);
  const run = await runWithPage(study.file, ['--workers', '2', '--store', study.store], study.env);
  const page = await servePage(study.store, ['@1']);
  const opened = await openPage(browser, page.address);
  await opened.page
    .getByRole('gridcell', { name: /, running/ })
    .first()
    .waitFor();
  run.child.kill('SIGKILL');
  await opened.page.getByText('it was killed').waitFor();
  await opened.page
    .getByRole('gridcell', { name: /, stopped/ })
    .first()
    .waitFor();
  expectQuiet(opened);
  await page.stop();
});

test('the page says that pipe has ended, and goes on by itself when it is served again at the same place', async () => {
  const study = makeHeldStudy(folds);
  const run = await runWithPage(study.file, ['--workers', '2', '--store', study.store], study.env);
  const first = await servePage(study.store, ['@1']);
  const { context, page } = await openPage(browser, first.address);
  const running = page.getByRole('gridcell', { name: /, running/ });
  await running.first().waitFor();
  await first.stop();
  await page.getByText('pipe has ended').waitFor();
  // What was told stays.
  expect(await running.count()).toBe(2);

  const { port } = new URL(first.address);
  const second = await servePage(study.store, ['@1', '--port', port]);
  // It has another token: the page says so, and the new address opens it in the same browser.
  await page.getByText('open the address that pipe printed').waitFor();
  const other = await context.newPage();
  await other.goto(second.address);
  await page.getByText('open the address that pipe printed').waitFor({ state: 'hidden' });
  study.tell(0, 'end 0.5');
  await page.getByRole('gridcell', { name: /^\.500 ?, done/ }).waitFor();
  await second.stop();
  await run.stop();
});

test('a tab that nobody sees lets its stream go, so that many tabs do not use up the connections; seen again it is up to date', async () => {
  const study = makeHeldStudy(folds);
  const run = await runWithPage(study.file, ['--workers', '2', '--store', study.store], study.env);
  const opened = await openPage(browser, run.address);
  const { page } = opened;
  await page
    .getByRole('gridcell', { name: /, running/ })
    .first()
    .waitFor();
  const see = (isHidden: boolean): Promise<void> =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  const isStream = (request: Request): boolean => request.url().endsWith('/events');
  await Promise.all([page.waitForEvent('requestfailed', isStream), see(true)]);
  study.tell(0, 'end 0.5');
  await Promise.all([page.waitForRequest(isStream), see(false)]);
  await page.getByRole('gridcell', { name: /^\.500 ?, done/ }).waitFor();
  expectQuiet(opened);
  await run.stop();
});
