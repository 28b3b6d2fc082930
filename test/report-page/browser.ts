import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Chromium without any network: whatever a page asks for beyond its own file cannot be found, and is told. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['PIPE_CHROMIUM'] ?? inPath('chromium'),
    args: ['--no-sandbox', '--disable-quic', '--host-resolver-rules=MAP * ~NOTFOUND'],
  });
}

function inPath(program: string): string {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

export interface OpenedPage {
  readonly page: Page;
  /** Everything that the page asked for, its own file and pictures inside it left out. */
  readonly requests: string[];
  /** What the browser complained of: errors, blocked scripts, dialogs that were opened. */
  readonly complaints: string[];
}

/** Opens a file and listens to what it does. Close its context when it is done. */
export async function open(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address, { waitUntil: 'load' });
  return { page, requests, complaints };
}

/** Writes a page into a folder of its own for as long as `use` takes. */
export async function withFile<Value>(text: string, use: (file: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-report-page-'));
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, text);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The reports to look at: those of PIPE_REPORTS, separated by colons. */
export function reportsToLookAt(): string[] {
  const named = (process.env['PIPE_REPORTS'] ?? '').split(':').filter((path) => path !== '');
  if (named.length === 0)
    throw new Error('PIPE_REPORTS names no report: test/peers/run.sh makes some and starts these tests');
  return named;
}
