import { scaleLinear } from 'd3-scale';
import { duration } from './format.ts';
import { html, type Markup } from './html.ts';
import type { RunFacts } from './run-facts.ts';
import { at, familyColour, horizontalAxis, svg } from './svg.ts';

const size = { width: 1080, left: 84, right: 1068, lane: 26, top: 8 };
/** Narrower than this a job cannot be seen, and thousands of them make the page heavy. */
const leastWidth = 0.4;
const mostJobs = 3000;

/** What each worker did and when: a bar a job, coloured by its stage. */
export function timelineChart(id: string, { lanes, jobs }: RunFacts['timeline']): Markup {
  const end = Math.max(1e-3, ...jobs.map(({ to }) => to));
  const x = scaleLinear([0, end], [size.left, size.right]).nice(8);
  const stages = [...new Set(jobs.map(({ stage }) => stage.split('[')[0] ?? stage))];
  const bottom = size.top + lanes.length * size.lane;
  const bars = jobs
    .filter(({ from, to }) => x(to) - x(from) >= leastWidth || jobs.length < mostJobs)
    .slice(0, mostJobs)
    .map(
      ({ lane, from, to, stage, job }) =>
        html`<rect class="mark ${familyColour(stages.indexOf(stage.split('[')[0] ?? stage))}" x="${at(x(from))}" y="${size.top + lane * size.lane + 4}" width="${at(Math.max(0.8, x(to) - x(from) - 0.4))}" height="${size.lane - 8}" rx="1.5"><title>${job}: ${duration(to - from)}</title></rect>`,
    );
  const names = lanes.map(
    (name, lane) =>
      html`<text class="tick" x="${size.left - 8}" y="${size.top + (lane + 0.5) * size.lane + 4}" text-anchor="end">${name}</text>`,
  );
  return svg({
    id,
    title: 'What each worker did',
    description: `${jobs.length} jobs on ${lanes.length} workers in ${duration(end)}.`,
    width: size.width,
    height: bottom + 24,
    body: [
      horizontalAxis(
        { ticks: x.ticks(8), place: (tick) => x(tick), format: (tick) => duration(tick) },
        size.top,
        bottom,
      ),
      names,
      bars,
    ],
  });
}

/** The stages with the colours that the timeline gives them. */
export function timelineLegend({ jobs }: RunFacts['timeline']): Markup {
  const stages = [...new Set(jobs.map(({ stage }) => stage.split('[')[0] ?? stage))];
  const items = stages.map(
    (stage, index) => html`<li><span class="swatch ${familyColour(index)}" aria-hidden="true"></span>${stage}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}
