import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeChain } from '../end-to-end/support/chain.ts';
import { expectQuiet, openBrowser, openPage } from './support/browser.ts';
import { type ServedPage, servePage } from './support/serve.ts';
import { endOf, finishedJob, startOf, type WrittenRun, writeRun } from './support/written-runs.ts';

/** What is promised on a quiet machine, in milliseconds; a machine that is busy with other things may be so many times slower. */
const promised = { firstView: 1000, frame: 60 };
const patience = 3;

const runs = 1000;
const jobs = 10_000;
let browser: Browser;
let served: ServedPage;
let big: WrittenRun;

beforeAll(async () => {
  const store = makeChain().store;
  for (let index = 1; index < runs; index++) {
    const one = writeRun(store, Date.now() - index * 60_000);
    one.write(startOf(one.run, `study ${index % 7}`, ['ingest', 'search']), endOf('done', 2));
    one.end();
  }
  big = writeRun(store);
  big.write(
    startOf(big.run, 'big', ['ingest', 'search[cnn]', 'fit[cnn]']),
    { type: 'stage-started', stage: 'search[cnn]', jobs, cachedJobs: 0 },
    ...Array.from({ length: jobs - 400 }, (_, index) => jobOf(index)),
  );
  browser = await openBrowser();
  served = await servePage(store);
});
afterAll(async () => {
  await browser.close();
  await served.stop();
  big.end();
});

function jobOf(index: number) {
  const name = `search[cnn] fold ${(index % 5) + 1}/5 units=${Math.floor(index / 5)} dropout=0.${index % 7}`;
  return finishedJob('search[cnn]', name, 0.5 + Math.sin(index) / 4);
}

/** Milliseconds from asking for an address until something is seen, as the browser's own clock has it. */
async function firstView(address: string, selector: string): Promise<number> {
  const opened = await openPage(browser, 'about:blank');
  const begun = performance.now();
  await opened.page.goto(address);
  await opened.page.waitForSelector(selector);
  const taken = performance.now() - begun;
  expect(opened.errors).toEqual([]);
  await opened.context.close();
  return taken;
}

/** Times between frames while something is done. */
async function framesDuring(page: Page, action: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const state = window as unknown as { frames: number[]; isMeasuring: boolean };
    state.frames = [];
    state.isMeasuring = true;
    let last = performance.now();
    const step = (now: number): void => {
      state.frames.push(now - last);
      last = now;
      if (state.isMeasuring) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  await action();
  return page.evaluate(() => {
    const state = window as unknown as { frames: number[]; isMeasuring: boolean };
    state.isMeasuring = false;
    return state.frames;
  });
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
const share = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length * part)] ?? 0;
const shown = (value: number): string => `${value.toFixed(0)} ms`;

test(`the list of ${runs} runs, and a run of ${jobs} jobs, are seen within a second`, async () => {
  const row = '.runs [aria-rowindex="3"]';
  const views: Record<string, number[]> = { runs: [], run: [], nothing: [] };
  for (let turn = 0; turn < 5; turn++) {
    views['nothing']?.push(await firstView('data:text/html,<p>nothing</p>', 'p'));
    views['runs']?.push(await firstView(served.address, row));
    views['run']?.push(await firstView(`${served.address}#/runs/${big.run}`, '.grid [aria-rowindex="3"]'));
  }
  const medians = Object.fromEntries(Object.entries(views).map(([name, values]) => [name, median(values)]));
  console.log(
    `first view: list of ${runs} runs ${shown(medians['runs'] ?? 0)}, run of ${jobs} jobs ${shown(medians['run'] ?? 0)}, a page with nothing ${shown(medians['nothing'] ?? 0)}`,
  );
  expect(medians['runs']).toBeLessThan(promised.firstView * patience);
  expect(medians['run']).toBeLessThan(promised.firstView * patience);
});

test(`frames stay short while jobs of a run of ${jobs} end and the table is scrolled`, async () => {
  const opened = await openPage(browser, `${served.address}#/runs/${big.run}`);
  const { page } = opened;
  await page.waitForSelector('.grid [aria-rowindex="3"]');
  const idle = await framesDuring(page, () => page.evaluate(waitFrames, 60));
  let next = jobs - 400;
  const busy = await framesDuring(page, async () => {
    for (let turn = 0; turn < 40; turn++) {
      big.write(...Array.from({ length: 10 }, () => jobOf(next++)));
      await page.evaluate((top) => {
        const table = document.querySelector('.grid.long');
        if (table !== null) table.scrollTop = top;
      }, turn * 900);
      await page.evaluate(waitFrames, 6);
    }
  });
  console.log(
    `frames: median ${shown(median(busy))}, 95th percentile ${shown(share(busy, 0.95))}, longest ${shown(Math.max(...busy))} of ${busy.length}; without anything to do: median ${shown(median(idle))}, longest ${shown(Math.max(...idle))}`,
  );
  // The last jobs are there, so the frames were of a page that followed.
  await page.getByText(`${(jobs / 1000).toFixed(0)},000 of ${(jobs / 1000).toFixed(0)},002 jobs`).waitFor();
  expect(share(busy, 0.95)).toBeLessThan(promised.frame * patience);
  expectQuiet(opened);
});

/** Comes back after so many frames. */
function waitFrames(count: number): Promise<void> {
  return new Promise((resolve) => {
    const step = (left: number): void => {
      if (left === 0) resolve();
      else requestAnimationFrame(() => step(left - 1));
    };
    step(count);
  });
}
