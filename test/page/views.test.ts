import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeStudy, pipelineText, run } from '../end-to-end/study.ts';
import { accessibilityFaults } from './support/axe.ts';
import { expectQuiet, type OpenPage, openBrowser, openPage } from './support/browser.ts';
import { type ServedPage, servePage } from './support/serve.ts';

const study = makeStudy(pipelineText.replaceAll('[wide, dropping]', '[wide]'));
let browser: Browser;
let served: ServedPage;
beforeAll(async () => {
  for (const epochs of [2, 3]) expect((await run(study, '--set', `epochs=${epochs}`)).exitCode).toBe(0);
  browser = await openBrowser();
  served = await servePage(study.store);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await served.stop();
});

const colorSchemes = ['light', 'dark'] as const;

/** Opens the list of runs, and goes on from it as people do. */
async function openRuns(settings: object = {}): Promise<OpenPage> {
  const opened = await openPage(browser, served.address, settings);
  await opened.page.getByRole('link', { name: 'small, run 1' }).waitFor();
  return opened;
}

test('the token does not stay in the address bar, and no script can read the cookie', async () => {
  const { page } = await openRuns();
  expect(page.url()).not.toContain('token');
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('two runs are chosen and compared: the diff has its causes and its scores, and can run nothing', async () => {
  const opened = await openRuns();
  const { page } = opened;
  await page.getByRole('checkbox', { name: 'Compare run 1' }).check();
  await page.getByText('choose another to compare it with').waitFor();
  await page.getByRole('checkbox', { name: 'Compare run 2' }).check();
  await page.getByRole('link', { name: 'Compare the two' }).click();
  await page.getByText('the results differ').waitFor();
  const diff = page.frameLocator('iframe');
  await diff.getByText('epochs 2 → 3').first().waitFor();
  await diff.getByRole('heading', { name: 'evaluate[wide].metrics' }).waitFor();
  expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
  await page.getByRole('link', { name: 'Swap' }).click();
  await diff.getByText('epochs 3 → 2').first().waitFor();
  expectQuiet(opened);
});

test('artifacts are listed, filtered and looked at: pictures with their classes, rows, metadata', async () => {
  const opened = await openRuns();
  const { page } = opened;
  await page.getByRole('link', { name: 'small, run 1' }).click();
  await page.getByRole('link', { name: 'Artifacts' }).click();
  await page.getByRole('searchbox').fill('samples');
  const links = page.getByRole('link', { name: 'samples', exact: true });
  await expect.poll(() => links.count()).toBe(2);
  await links.first().click();
  await page.getByRole('heading', { name: 'ingest.samples' }).waitFor();
  const pictures = page.locator('.pictures canvas');
  await expect.poll(() => pictures.count()).toBe(96);
  // The first picture is of the class that it is called after, and it is not empty.
  const ink = await pictures.first().evaluate((canvas) => {
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, 28, 28) ?? { data: [] };
    return Math.max(...Array.from(data).filter((_, index) => index % 4 === 0));
  });
  expect(ink).toBeGreaterThan(100);
  await page.getByRole('button', { name: 'Next' }).first().click();
  await page.getByText('97 to 192 of 480').waitFor();
  expectQuiet(opened);
});

test('SQL over the artifacts of a run: rows, errors in words, no writing, no files, an end for what has none', async () => {
  const opened = await openRuns();
  const { page } = opened;
  await page.getByRole('link', { name: 'small, run 1' }).click();
  await page.getByRole('link', { name: 'Artifacts' }).click();
  const field = page.getByRole('textbox', { name: 'SQL' });
  const ask = async (sql: string): Promise<void> => {
    await field.fill(sql);
    await field.press('Control+Enter');
  };
  await ask('SELECT stage, count(*) AS right FROM evaluate_predictions WHERE label = predicted GROUP BY stage');
  await page.getByRole('group', { name: 'Answer to the SQL' }).getByText('evaluate[wide]').waitFor();
  await page
    .getByText('26 tables')
    .or(page.getByText(/^\d+ tables$/))
    .click();
  await page.getByRole('button', { name: 'split', exact: true }).click();
  expect(await field.inputValue()).toBe('SELECT * FROM split LIMIT 100');

  const problem = page.locator('.sql').getByRole('alert');
  await ask('SELECT * FROM nowhere');
  await problem.getByText('Table with name nowhere does not exist').waitFor();
  await ask("SELECT * FROM read_csv('/etc/passwd')");
  await problem.getByText(/disabled/).waitFor();
  await ask("COPY split TO '/tmp/stolen.csv'");
  await problem.getByText(/disabled/).waitFor();
  await ask('SELECT * FROM range(100000)');
  await page.getByText('the first 500 rows; there are more').waitFor();
  // More memory than it may have.
  await ask('SELECT list(range) FROM range(1000000000)');
  await problem.getByText(/Out of Memory/).waitFor();
  // Two that have no end, and are given up: if they went on, there would be no room for others.
  for (let turn = 0; turn < 2; turn++) {
    await ask('SELECT max(one.range * other.range) FROM range(10000000) AS one, range(10000000) AS other');
    await page.getByRole('button', { name: 'Give up' }).click();
    await page.getByText('asking …').waitFor({ state: 'hidden' });
  }
  for (const word of ['one', 'two', 'three']) {
    await ask(`SELECT '${word}' AS word`);
    await page.getByRole('group', { name: 'Answer to the SQL' }).getByText(word).waitFor();
  }
  // The browser writes what was refused into its console; nothing else went wrong.
  expect(opened.errors.filter((text) => !text.includes('409'))).toEqual([]);
  expect(opened.asked.every((url) => url.startsWith(new URL(served.address).origin))).toBe(true);
});

test('everything can be done by keys alone', async () => {
  const opened = await openRuns();
  const { page } = opened;
  const focused = (): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
  const tabTo = async (form: RegExp): Promise<void> => {
    for (let step = 0; step < 60 && !form.test(await focused()); step++) await page.keyboard.press('Tab');
    expect(await focused()).toMatch(form);
  };
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await tabTo(/^Compare run 1$/);
  await page.keyboard.press('Space');
  await tabTo(/^Compare run 2$/);
  await page.keyboard.press('Space');
  expect(await page.getByRole('link', { name: 'Compare the two' }).count()).toBe(1);

  await page.keyboard.press('/');
  await page.keyboard.type('nothing is called so');
  await page.getByText('No run fits').waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('small');
  await tabTo(/^small, run 1$/);
  await page.keyboard.press('Enter');
  await tabTo(/search\[wide\] ?, done/);
  await page.keyboard.press('Enter');
  await tabTo(/^\d?\.\d+ ?, (done|cached)/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^search\[wide\] fold 2\/2/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: /fold 2\/2/ }).waitFor({ state: 'hidden' });

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('h');
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  expectQuiet(opened);
});

test.each(colorSchemes)('axe-core finds nothing serious in any view: %s', async (colorScheme) => {
  const opened = await openRuns({ colorScheme });
  const { page } = opened;
  const faults: Record<string, string[]> = {};
  const look = async (view: string): Promise<void> => {
    faults[view] = await accessibilityFaults(page);
  };
  await look('runs');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await look('keys');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'small, run 1' }).click();
  await page.getByRole('button', { name: /^search/ }).click();
  await page.getByRole('gridcell').first().waitFor();
  await look('run');
  await page.getByRole('link', { name: 'Artifacts' }).click();
  await page.getByText(/^\d+ tables$/).click();
  await page.getByRole('textbox', { name: 'SQL' }).fill('SELECT * FROM evaluate_metrics');
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.getByRole('group', { name: 'Answer to the SQL' }).waitFor();
  await look('artifacts');
  await page.getByRole('link', { name: 'samples', exact: true }).first().click();
  await page.locator('.pictures canvas').first().waitFor();
  await look('artifact');
  await page.goBack();
  await page.getByRole('link', { name: 'report', exact: true }).last().click();
  await page.getByRole('link', { name: 'report.html' }).waitFor();
  await look('files');
  await page.keyboard.press('h');
  for (const number of [1, 2]) await page.getByRole('checkbox', { name: `Compare run ${number}` }).check();
  await page.getByRole('link', { name: 'Compare the two' }).click();
  await page.getByText('the results differ').waitFor();
  await look('compare');
  expect(Object.fromEntries(Object.entries(faults).filter(([, found]) => found.length > 0))).toEqual({});
  expect(Object.keys(faults)).toHaveLength(7);
});

test('a narrow window cuts nothing off: the page itself does not scroll sideways', async () => {
  const { page } = await openRuns({ viewport: { width: 800, height: 900 } });
  const overflow = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.getByRole('link', { name: 'small, run 1' }).click();
  await page.getByRole('button', { name: /^search/ }).waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.getByRole('link', { name: 'Artifacts' }).click();
  await page.getByRole('textbox', { name: 'SQL' }).waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);
});
