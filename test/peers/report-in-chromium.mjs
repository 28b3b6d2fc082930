// Opens the report of a store in headless Chromium without any network and looks whether it is all there.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [store, work] = process.argv.slice(2);
const folder = resolve(store, 'reports');
const report = readdirSync(folder).find((name) => name.endsWith('.html'));
if (report === undefined) throw new Error(`no report in ${folder}`);
const page = pathToFileURL(join(folder, report)).href;
const chromium = (...flags) =>
  execFileSync(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      `--user-data-dir=${mkdtempSync(join(work, 'profile-'))}`,
      ...flags,
      page,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024, timeout: 120_000 },
  );
const dom = chromium('--dump-dom');
for (const words of ['The answer', 'Comparison', 'Learning curves', 'What gets confused', 'CNN-LSTM', 'Provenance']) {
  if (!dom.includes(words)) throw new Error(`the report does not say "${words}"`);
}
if (/(src|href)="https?:/.test(dom)) throw new Error('the report wants something from the network');
const screenshot = join(work, 'report.png');
chromium('--window-size=1280,2000', `--screenshot=${screenshot}`);
// A blank page of this size compresses to some 10 kB.
if (statSync(screenshot).size < 60_000) throw new Error('the report looks blank');
console.log(`Chromium shows ${report}: ${Math.round(dom.length / 1024)} KB, all sections, nothing from the network`);
