import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, reportsToLookAt, startBrowser } from './browser.ts';

const [file = ''] = reportsToLookAt();
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  page = (await open(browser, file)).page;
});

afterAll(async () => {
  await browser.close();
});

test('the first key leads past the contents to the report', async () => {
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
  expect(await page.evaluate('document.activeElement.getBoundingClientRect().left')).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  expect(page.url()).toMatch(/#main$/);
});

test('the tabulator reaches everything that can be used, and shows where it is', async () => {
  await page.reload();
  const wanted = (await page.evaluate(
    `[...document.querySelectorAll('a[href], summary, input, [tabindex="0"]')].filter((one) =>
      one.checkVisibility() && (one.type !== 'radio' || one.checked)).length`,
  )) as number;
  const seen = new Set<string>();
  const dark: string[] = [];
  for (let key = 0; key < wanted; key++) {
    await page.keyboard.press('Tab');
    const [place, tag, outline] = (await page.evaluate(
      `(() => { const one = document.activeElement;
        return [[...document.querySelectorAll('*')].indexOf(one), one.tagName, getComputedStyle(one).outlineStyle]; })()`,
    )) as [number, string, string];
    seen.add(String(place));
    if (outline === 'none') dark.push(tag);
  }
  expect(seen.size).toBe(wanted);
  // The skip link shows itself by coming into the page.
  expect(dark.filter((tag) => tag !== 'A')).toEqual([]);
});

test('what is folded away opens, and a wide table scrolls', async () => {
  const folded = page.locator('#price details');
  expect(await folded.locator('table').isVisible()).toBe(false);
  await folded.locator('summary').focus();
  await page.keyboard.press('Enter');
  expect(await folded.locator('table').isVisible()).toBe(true);
  await page.setViewportSize({ width: 400, height: 900 });
  const wide = page.locator('#comparison .scroll').first();
  await wide.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => wide.evaluate((one) => one.scrollLeft)).toBeGreaterThan(0);
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('the confusion matrix is enlarged by arrow keys, and its counts appear', async () => {
  const matrix = page.locator('#confusion details[open] figure').first();
  const width = async () => (await matrix.locator('svg.chart').boundingBox())?.width ?? 0;
  const before = await width();
  await matrix.locator('input').first().focus();
  await page.keyboard.press('ArrowRight');
  expect(await matrix.locator('.counts').isVisible()).toBe(true);
  expect(await width()).toBeGreaterThan(1.5 * before);
  await page.keyboard.press('ArrowRight');
  expect(await width()).toBeGreaterThan(2.5 * before);
});
