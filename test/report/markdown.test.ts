import { expect, test } from 'vitest';
import { collectStudy } from '../../src/report/collect.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { fenced, plain } from '../../src/report/markdown-text.ts';
import { toyStudy } from './study-files.ts';

function reportOf(options: Parameters<typeof toyStudy>[0] = {}, title = 'Toy'): string {
  const study = collectStudy(toyStudy(options), { title, pipeline: 'pipelines/toy.yaml' });
  if (!study.ok) throw new Error(study.error.message);
  return markdownReport(study.value);
}

test('has the facts of the page: the answer with its cost, scores, chance, checks, next steps, mistakes, origin', () => {
  const text = reportOf();
  expect(text).toMatch(/^# Toy\n\n\*\*Second net\*\* is ahead with 90\.0\u00a0% accuracy on the test rows\./);
  expect(text).toContain('Beside First net (75.0\u00a0%): no difference shown, p 0.109.');
  expect(text).toContain('Cost: 12.5\u00a0s to train, 0.500\u00a0ms a sample to predict, 40 parameters.');
  expect(text).toContain('| Second net | 0.9000 [0.7695, 0.9604] |');
  expect(text).toContain('| Second net – First net | 15.00 [0.22, 29.78] | 0.109 | no difference shown |');
  expect(text).toContain('- [ ] No sample is on both sides of a split');
  expect(text).toContain('lies at the edge of the grid; widen it there.');
  expect(text).toContain('- Second net: units 30');
  expect(text).toContain('## What Second net confuses');
  expect(text).toContain('```sh\npipe run pipelines/toy.yaml\n```');
  expect(text).toMatch(/\| evaluate\\\[one\\\] \| metrics \| [\w.]{12} \|/);
});

test('nothing of a name is Markdown or HTML, and none breaks a table', () => {
  const text = reportOf({ titles: ['**a** | b\n# c', '<img src=x onerror=alert(1)>'] }, '[x](javascript:alert(1))');
  expect(text).not.toMatch(/<img|\*\*a\*\*|[^\\]\]\(javascript|^# c/m);
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('\\*\\*a'));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.replaceAll('\\|', '').match(/\|/g)?.length).toBeGreaterThan(4);
  expect(plain('a\u202eb')).toBe('a\ufffdb');
});

test('what holds a fence stands between longer ones', () => {
  expect(fenced('a\n```\nb')).toBe('````\na\n```\nb\n````');
});
