import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where Chromium is: Debian's, or another one that the environment names. */
const executablePath = process.env['PIPE_CHROMIUM'] ?? '/usr/bin/chromium';

/** A page in a browser, and what it did that a page of ours must not do. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses that were asked for, of other hosts too. */
  readonly asked: string[];
  /** Errors of scripts, and of the content policy. */
  readonly errors: string[];
}

/** Starts a browser that can reach no name outside of this machine. */
export function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  return chromium.launch({ executablePath, args });
}

/** Opens an address, and writes down what the page asks for and complains about. */
export async function openPage(browser: Browser, address: string, settings: object = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...settings });
  const page = await context.newPage();
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(address);
  return { page, context, asked, errors };
}

/** Everything was asked of the page's own server, and nothing went wrong in it. */
export function expectQuiet({ page, asked, errors }: OpenPage): void {
  const { origin } = new URL(page.url());
  expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'))).toEqual([]);
  expect(errors).toEqual([]);
}
