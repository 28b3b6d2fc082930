import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAll, seriousFindings } from './accessibility.ts';
import { open, reportsToLookAt, startBrowser } from './browser.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
});

const headings = [
  'The answer',
  'Comparison',
  'What accuracy costs',
  'Is it more than chance?',
  'What was checked',
  'Hyperparameters and search',
  'Learning curves',
  'What gets confused',
  'Can its confidence be trusted?',
  'Samples',
  'Architectures',
  'Where it comes from',
];

describe.each(reportsToLookAt().map((file) => [basename(file), file] as const))('%s', (_, file) => {
  test('is one file of at most 3 MB', () => {
    expect(statSync(file).size).toBeLessThanOrEqual(3_000_000);
  });

  test('asks for nothing, not even on this machine, and the browser has nothing to complain of', async () => {
    const { page, requests, complaints } = await open(browser, file);
    await openAll(page);
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('says everything without JavaScript', async () => {
    const { page } = await open(browser, file, { javaScriptEnabled: false });
    const found = await page.locator('h2').allTextContents();
    // Of rows that are no pictures there is no sheet.
    const wanted = headings.filter((heading) => heading !== 'Samples' || found.includes(heading));
    expect(found.filter((heading) => headings.includes(heading))).toEqual(wanted);
    for (const heading of wanted)
      expect(await page.getByRole('heading', { name: heading, level: 2 }).isVisible()).toBe(true);
    await page.context().close();
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 400],
  ] as const)('axe finds nothing serious, %s, %d pixels wide', async (colorScheme, width) => {
    const { page } = await open(browser, file, { colorScheme, viewport: { width, height: 900 } });
    await openAll(page);
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });

  test('has one heading of the first level, and none that skips a level', async () => {
    const { page } = await open(browser, file);
    const levels = (await page.evaluate(
      "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => Number(one.tagName[1]))",
    )) as number[];
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, place) => place > 0 && level > (levels[place - 1] ?? 0) + 1)).toEqual([]);
    await page.context().close();
  });

  test('every drawing has a title and a description that are not empty', async () => {
    const { page } = await open(browser, file);
    const mute = await page.evaluate(
      `[...document.querySelectorAll('svg.chart')].filter((one) => one.querySelector('title').textContent.trim() === ''
        || one.querySelector('desc').textContent.trim() === '').map((one) => one.getAttribute('aria-labelledby'))`,
    );
    expect(mute).toEqual([]);
    await page.context().close();
  });

  test.each([1280, 768, 400])('nothing wider than the page, %d pixels wide', async (width) => {
    const { page } = await open(browser, file, { viewport: { width, height: 900 } });
    await openAll(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  test('no text of a drawing is cut at its edge', async () => {
    const { page } = await open(browser, file);
    await openAll(page);
    const cut = await page.evaluate(
      `[...document.querySelectorAll('svg.chart')].flatMap((chart) => {
        const frame = chart.getBoundingClientRect();
        return [...chart.querySelectorAll('text')].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
        }).map((one) => chart.getAttribute('aria-labelledby').split(' ')[0] + ': ' + one.textContent);
      })`,
    );
    expect(cut).toEqual([]);
    await page.context().close();
  });
});
