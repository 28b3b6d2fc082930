// Takes the pictures of docs/report.md from the newest run of a store: npm run record:report -- STORE. Needs Chromium.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { root } from '../common.mjs';

const [store = join(root, 'artifacts')] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'pipe-report-'));
/** Larger pictures make every clone wait. */
const mostBytes = 300_000;

/** What is shown: a part of the page, light or dark, and what is done to it before. */
const pictures = [
  { name: 'report', selector: 'body', height: 1160 },
  { name: 'report-price', selector: '#price' },
  { name: 'report-search', selector: '#search section.wide', dark: true },
  { name: 'report-curves', selector: '#curves section:last-of-type .curves' },
  { name: 'report-confusion', selector: '#confusion details[open]', dark: true, zoom: 2 },
  { name: 'report-run', selector: '#run' },
];

const browser = await chromium.launch({
  executablePath:
    process.env.PIPE_CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim(),
  args: ['--no-sandbox', '--disable-quic', '--host-resolver-rules=MAP * ~NOTFOUND'],
});
try {
  const file = join(work, 'report.html');
  execFileSync(process.execPath, [join(root, 'dist/src/cli/main.js'), 'report', '--store', store, '-o', file]);
  for (const { name, selector, height, dark = false, zoom } of pictures) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
    });
    await page.goto(pathToFileURL(file).href);
    const part = page.locator(selector).first();
    if (zoom !== undefined) await part.locator(`.zoom-${zoom}`).first().check();
    // Places are those of the whole page only where it is not scrolled.
    await page.evaluate('window.scrollTo({ top: 0, behavior: "instant" })');
    const box = await part.boundingBox();
    const margin = height === undefined ? 24 : 0;
    const above = height === undefined ? 6 : 0;
    const path = join(root, `docs/${name}.png`);
    await page.screenshot({
      path,
      fullPage: true,
      clip: {
        x: box.x - margin,
        y: box.y - above,
        width: box.width + 2 * margin,
        height: (height ?? box.height) + 2 * above,
      },
    });
    const { size } = statSync(path);
    if (size > mostBytes) throw new Error(`docs/${name}.png has ${size} bytes`);
    console.log(`docs/${name}.png  ${Math.round(size / 1000)} kB`);
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}
