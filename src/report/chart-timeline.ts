import { scaleLinear } from 'd3-scale';
import { counted, duration } from './format.ts';
import { html, type Markup } from './html.ts';
import type { RunFacts } from './run-facts.ts';
import { at, familyColour, horizontalAxis, svg } from './svg.ts';

const size = { width: 1080, left: 84, right: 1048, lane: 26, top: 8 };
/** Narrower than this a job cannot be seen, and thousands of them make the page heavy. */
const leastWidth = 0.4;
const mostJobs = 3000;

/** A unit is taken from so many of it on. */
const units = [
  { name: 'h', seconds: 3600, from: 2 },
  { name: 'min', seconds: 60, from: 5 },
] as const;

/** What each worker did and when: a bar a job, coloured by its stage. */
export function timelineChart(id: string, { lanes, jobs }: RunFacts['timeline']): Markup {
  const end = Math.max(1e-3, ...jobs.map(({ to }) => to));
  const unit = units.find(({ seconds, from }) => end >= from * seconds) ?? { name: 's', seconds: 1 };
  // In the unit, so that its ticks are round.
  const scale = scaleLinear([0, end / unit.seconds], [size.left, size.right]).nice(8);
  const x = (seconds: number): number => scale(seconds / unit.seconds);
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
    description: `${counted(jobs.length, 'job', 'jobs')} on ${counted(lanes.length, 'worker', 'workers')} in ${duration(end)}.`,
    width: size.width,
    height: bottom + 24,
    body: [
      horizontalAxis(
        { ticks: scale.ticks(8), place: (tick) => scale(tick), format: (tick) => `${tick} ${unit.name}` },
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
