import { expect, test } from 'vitest';
import { collectStudy } from '../../src/report/collect.ts';
import { reportPage } from '../../src/report/page.ts';
import { figuresOf, plainStyle } from '../../src/report/standalone.ts';
import { toyStudy } from './study-files.ts';

const study = collectStudy(toyStudy(), { title: 'Toy' });
if (!study.ok) throw new Error(study.error.message);
const figures = figuresOf(reportPage(study.value));

test('every figure of a report is a document of its own, with its title', () => {
  expect(figures.length).toBeGreaterThan(8);
  expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
  for (const { svg, title } of figures) {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg.trimEnd()).toMatch(/<\/svg>$/);
    expect(title).not.toBe('');
  }
});

test('the style has plain values: no variable, no condition, a colour for each family', () => {
  const style = plainStyle();
  expect(style).not.toMatch(/var\(|@media|:root/);
  expect(style).toContain('.family-0 .mark,.family-0.mark{fill: #0072b2;}');
  expect(style).toContain('.family-1 .mark');
  // Rules for a family say its colour and nothing else: they would win over what makes a chosen line thick.
  expect(style).toContain('.family-0 .combination path,.family-0.combination path{stroke: #0072b2;}');
  expect(style).not.toMatch(/\.family-0[^{}]*\{[^}]*stroke-width/);
});
