import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphDrawing } from '../../src/report/chart-graph.ts';
import { collectStudy } from '../../src/report/collect.ts';
import type { ReportInput } from '../../src/report/collect-inputs.ts';
import { reportPage } from '../../src/report/page.ts';
import type { RunFacts } from '../../src/report/run-facts.ts';
import { figuresOf } from '../../src/report/standalone.ts';
import { toyStudy } from '../report/study-files.ts';
import { openAll, seriousFindings } from './accessibility.ts';
import { open, startBrowser, withFile } from './browser.ts';

const names = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(2)</script>',
  '"\'><svg onload=alert(3)>',
  '\u202egnp.exe<b>\u202c',
] as const;
const [image, script, quotes, reversed] = names;

const stages = [image, script, quotes, reversed].map((id) => ({ id, title: id, detail: id, state: 'ran' as const }));
const run: RunFacts = {
  id: '01M85V8MKKZRYGKFJA7G1G532Y',
  pipeline: quotes,
  profile: script,
  started: '2026-11-24T03:58:14.000Z',
  status: 'done',
  commit: image,
  params: { [image]: script },
  machine: [['Processor', quotes]],
  stages: [{ id: image, status: 'failed', jobs: 1, cachedJobs: 0, seconds: 1, failure: script }],
  graph: graphDrawing({ nodes: stages, edges: [{ from: image, to: script, isOrder: false }] }),
  mermaid: '',
  timeline: { lanes: ['worker 1'], jobs: [{ lane: 0, from: 0, to: 1, stage: image, job: script }] },
};

/** A study in which everything that a user or a file names is markup or a script. */
function hostilePage(): string {
  const inputs = toyStudy({ classes: names, titles: [image, script], format: quotes });
  const renamed = Object.fromEntries(
    (Object.entries(inputs) as [string, readonly ReportInput[]][]).map(([slot, list]) => [
      slot,
      list.map((one) => ({ ...one, stage: `${quotes}${slot}` })),
    ]),
  ) as unknown as typeof inputs;
  const study = collectStudy(renamed, { title: script, pipeline: `${image}.yaml` });
  if (!study.ok) throw new Error(study.error.message);
  return reportPage({
    ...study.value,
    run,
    data: study.value.data.map((data) => ({ ...data, title: reversed, files: [image] })),
  });
}

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
});

test('names full of markup and scripts are text, in every place where they stand', async () => {
  await withFile(hostilePage(), async (file) => {
    const { page, requests, complaints } = await open(browser, file);
    await openAll(page);
    const made = await page.evaluate(
      'document.querySelectorAll(\'script, iframe, object, embed, link, base, form, [onerror], [onload], img:not([src^="data:image/png;base64,"])\').length',
    );
    expect(made).toBe(0);
    const words = await page.locator('body').textContent();
    for (const name of [image, script, quotes, 'gnp.exe<b>']) expect(words).toContain(name);
    expect(await page.title()).toBe(script);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('the stages of a pipeline are text as well', async () => {
  const stages = [
    { name: image, kind: script, instances: [quotes], from: [] },
    { name: script, kind: image, instances: [], from: [image] },
  ];
  const study = collectStudy(toyStudy(), { title: 'Toy', stages });
  if (!study.ok) throw new Error(study.error.message);
  await withFile(reportPage(study.value), async (file) => {
    const { page, requests, complaints } = await open(browser, file);
    expect(await page.locator('#pipeline svg').textContent()).toContain(script);
    expect(await page.evaluate("document.querySelectorAll('script, [onerror], [onload]').length")).toBe(0);
    expect([requests, complaints]).toEqual([[], []]);
    await page.context().close();
  });
});

test('no name turns around what stands beside it', async () => {
  await withFile(hostilePage(), async (file) => {
    const { page } = await open(browser, file);
    const words = `${await page.locator('body').textContent()}${await page.title()}`;
    expect(words).toContain('\ufffdgnp.exe<b>\ufffd');
    expect(words).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    await page.context().close();
  });
});

test('axe finds nothing serious in it either', async () => {
  await withFile(hostilePage(), async (file) => {
    const { page } = await open(browser, file);
    await openAll(page);
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });
});

test('axe is at work under the policy of the page: what is wrong on purpose is found', async () => {
  await withFile(hostilePage(), async (file) => {
    const { page } = await open(browser, file);
    await openAll(page);
    await page.evaluate("document.querySelector('.remark').style.color = '#ddd'");
    const findings = await seriousFindings(page);
    expect(findings.filter((one) => one.includes('color-contrast'))).not.toEqual([]);
    await page.context().close();
  });
});

test('its figures are files of their own with safe names, in which nothing runs', async () => {
  const figures = figuresOf(hostilePage());
  expect(figures.length).toBeGreaterThan(10);
  for (const { id } of figures) expect(id).toMatch(/^[a-z0-9-]+$/);
  const page = `<!doctype html><meta charset="utf-8">${figures.map(({ svg }) => svg).join('')}`;
  await withFile(page, async (file) => {
    const { page: opened, requests, complaints } = await open(browser, file);
    expect(await opened.evaluate("document.querySelectorAll('script, img, [onload], [onerror]').length")).toBe(0);
    expect([requests, complaints]).toEqual([[], []]);
    await opened.context().close();
  });
});
