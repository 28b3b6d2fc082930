import { scaleLinear, scaleSqrt } from 'd3-scale';
import { count, percent, score } from './format.ts';
import { html, type Markup } from './html.ts';
import type { CalibrationFacts } from './study.ts';
import { at, familyColour, horizontalAxis, svg, verticalAxis } from './svg.ts';

const size = { width: 280, height: 256, left: 46, right: 256, top: 10, bottom: 216 };
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** How often predictions of some confidence are right: on the diagonal they can be taken at their word. Points are as large as their bin. */
export function reliabilityChart(
  id: string,
  family: number,
  title: string,
  { bins, expectedError }: CalibrationFacts,
): Markup {
  const x = scaleLinear([0, 1], [size.left, size.right]);
  const y = scaleLinear([0, 1], [size.bottom, size.top]);
  const known = bins.filter((bin) => bin.count > 0);
  const radius = scaleSqrt([0, Math.max(1, ...known.map((bin) => bin.count))], [1.5, 9]);
  const line = known.map((bin) => `${at(x(bin.confidence))} ${at(y(bin.accuracy))}`).join('L');
  const points = known.map(
    (bin) =>
      html`<circle class="mark" cx="${at(x(bin.confidence))}" cy="${at(y(bin.accuracy))}" r="${at(radius(bin.count))}"><title>${count(bin.count)} rows, mean confidence ${percent(bin.confidence)}, right ${percent(bin.accuracy)}</title></circle>`,
  );
  return svg({
    id,
    title: `${title}: confidence and accuracy`,
    description: `Calibration error ${score(expectedError)}; ${known
      .map((bin) => `confidence ${percent(bin.confidence)}: right ${percent(bin.accuracy)} of ${count(bin.count)} rows`)
      .join('; ')}`,
    width: size.width,
    height: size.height,
    body: [
      verticalAxis({ ticks, place: (tick) => y(tick), format: (tick) => `${tick * 100} %` }, size.left, size.right),
      horizontalAxis({ ticks, place: (tick) => x(tick), format: (tick) => `${tick * 100} %` }, size.top, size.bottom),
      html`<line class="diagonal" x1="${size.left}" y1="${size.bottom}" x2="${size.right}" y2="${size.top}"/><text class="axis" x="${(size.left + size.right) / 2}" y="${size.bottom + 34}" text-anchor="middle">confidence</text>`,
      html`<g class="${familyColour(family)}"><path class="curve" d="M${line}"/>${points}</g>`,
    ],
  });
}
