import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, reportsToLookAt, startBrowser } from './browser.ts';

/** A4 less margins of 12 mm, in CSS pixels. */
const paper = { width: 703, height: 1032 };

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  page = (await open(browser, reportsToLookAt().at(-1) ?? '', { colorScheme: 'dark', viewport: paper })).page;
  await page.emulateMedia({ media: 'print' });
});

afterAll(async () => {
  await browser.close();
});

test('paper stays white and ink dark, whatever the screen has', async () => {
  const [ground, ink] = (await page.evaluate(
    '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]',
  )) as string[];
  expect([ground, ink]).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
});

test('what only a screen needs is left out, and what is folded away is there', async () => {
  expect(await page.locator('nav').isVisible()).toBe(false);
  expect(await page.locator('.zoom').first().isVisible()).toBe(false);
  const matrices = page.locator('#confusion svg.chart');
  for (let one = 0; one < (await matrices.count()); one++)
    expect((await matrices.nth(one).boundingBox())?.height).toBeGreaterThan(100);
});

test('no figure and no table is wider than the paper, or higher than a page', async () => {
  const large = await page.evaluate(
    `[...document.querySelectorAll('svg.chart, table, img')].filter((one) => one.checkVisibility()).flatMap((one) => {
      const box = one.getBoundingClientRect();
      const name = one.getAttribute('aria-labelledby') ?? one.className + ' ' + (one.caption?.textContent ?? '');
      const isTable = one.tagName === 'TABLE';
      return box.right > ${paper.width} + 1 || (!isTable && box.height > ${paper.height}) ? [name + ' ' + Math.round(box.right) + ' x ' + Math.round(box.height)] : [];
    })`,
  );
  expect(large).toEqual([]);
});

test('figures are not cut between pages', async () => {
  const breaks = await page.evaluate(
    "[...new Set([...document.querySelectorAll('figure')].map((one) => getComputedStyle(one).breakInside))]",
  );
  expect(breaks).toEqual(['avoid']);
});

test('it becomes a PDF of some pages', async () => {
  const pdf = await page.pdf({ format: 'A4' });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(4);
  expect(pages).toBeLessThan(40);
});
