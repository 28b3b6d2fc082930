// Takes the pictures of the page for the docs: a run of pipelines/emnist.yaml in its middle, two runs compared, and the
// artifacts of one. npm run record:page (with PIPE_DATA naming a folder with EMNIST; PIPE_CHROMIUM another browser)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { root } from '../common.mjs';

const program = join(root, 'dist/src/cli/main.js');
/** Small enough for a minute on two cores; the grids are a little larger than the pipeline's, so that there is something to see. */
const settings = {
  samples: 4000,
  test: 500,
  epochs: 4,
  'grid.mlp.units1': '[256,512,784]',
  'grid.cnn.dropout': '[0.2,0.3,0.4,0.5,0.6]',
};
const largest = 250_000;

const project = mkdtempSync(join(tmpdir(), 'pipe-pictures-'));
cpSync(join(root, 'pipelines'), join(project, 'pipelines'), { recursive: true });
writeFileSync(join(project, 'package.json'), '{"name": "study", "type": "module"}\n');
if (process.env.PIPE_DATA !== undefined) symlinkSync(process.env.PIPE_DATA, join(project, 'data'));
const { PIPE_DATA: _, ...env } = process.env;

/** Starts \`pipe\` in the project; what it says is read line by line. */
function start(...words) {
  const child = spawn(process.execPath, [program, ...words], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const line = (form) =>
    new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        createInterface({ input: stream }).on('line', (text) => {
          const found = form.exec(text);
          if (found !== null) resolve(found[1]);
        });
      ended.then(() => reject(new Error(`pipe ${words[0]} ended before it said ${form}`)));
    });
  return { child, ended, line };
}

function study(over, ...words) {
  const sets = Object.entries({ ...settings, ...over }).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return start('run', 'pipelines/emnist.yaml', '--quiet', ...sets, ...words);
}

const browser = await chromium.launch({
  executablePath: process.env.PIPE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const picture = async (page, name) => {
  const path = join(root, 'docs', name);
  await page.screenshot({ path });
  const { size } = statSync(path);
  console.log(`docs/${name}: ${Math.round(size / 1000)} kB`);
  if (size > largest) throw new Error(`docs/${name} is larger than ${largest / 1000} kB`);
};
const open = async (address, colorScheme) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 920 }, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  await page.goto(address);
  return page;
};

/** The middle of a run: the search that is looked at has results and fits that run, and another is done. */
async function pictureOfRun() {
  const run = study({}, '--ui');
  const page = await open(await run.line(/^Page: (\S+)$/), 'light');
  await page.getByRole('button', { name: /search\[cnn\]/ }).click();
  await page.waitForFunction(() => {
    const count = (kind) => document.querySelectorAll(`.grid .cell-${kind}`).length;
    const hasBar = [...document.querySelectorAll('.grid .cell-running .meter > span')].some(
      (bar) => Number.parseFloat(bar.style.width) > 40,
    );
    return count('done') >= 8 && hasBar && document.querySelectorAll('.line.growing').length > 0;
  });
  await page.locator('.grid .cell-running').first().click();
  await page.locator('.log pre').first().waitFor();
  await picture(page, 'page-run.png');
  await page.context().close();
  await run.ended;
}

async function picturesOfWhatWasMade() {
  const served = start('ui');
  const address = await served.line(/^(http:\S+)$/);
  const page = await open(address, 'dark');
  await page.getByRole('checkbox', { name: 'Compare run 1' }).check();
  await page.getByRole('checkbox', { name: 'Compare run 2' }).check();
  await page.getByRole('link', { name: 'Compare the two' }).click();
  const heading = page.frameLocator('iframe').getByRole('heading', { name: 'evaluate[cnn].predictions' });
  await heading.evaluate((element) => element.scrollIntoView());
  await picture(page, 'page-compare.png');

  const other = await open(`${address}`, 'light');
  await other.getByRole('link', { name: 'emnist, run 1' }).click();
  await other.getByRole('link', { name: 'Artifacts' }).click();
  await other.getByText(/^\d+ tables$/).click();
  await other
    .getByRole('textbox', { name: 'SQL' })
    .fill(
      'SELECT stage, round(avg(CASE WHEN label = predicted THEN 1 ELSE 0 END), 4) AS accuracy, count(*) AS characters\nFROM evaluate_predictions GROUP BY stage ORDER BY accuracy DESC',
    );
  await other.getByRole('button', { name: 'Ask' }).click();
  await other.getByRole('group', { name: 'Answer to the SQL' }).waitFor();
  await picture(other, 'page-artifacts.png');
  served.child.kill('SIGINT');
  await served.ended;
}

try {
  await pictureOfRun();
  await study({ epochs: 6 }).ended;
  await picturesOfWhatWasMade();
} finally {
  await browser.close();
  rmSync(project, { recursive: true, force: true });
}
