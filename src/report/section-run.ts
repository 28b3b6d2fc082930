import { timelineChart, timelineLegend } from './chart-timeline.ts';
import { duration } from './format.ts';
import { html } from './html.ts';
import { figure, type Section, scrollable } from './section.ts';
import type { Study } from './study.ts';
import { svg } from './svg.ts';

/** How the run went: its stages, its workers, and what it ran on. Only in a report of a run. */
export function runSection({ run }: Study): Section | undefined {
  if (run === undefined) return undefined;
  const { graph, timeline } = run;
  const facts = [
    ['Run', run.id],
    ['Pipeline', run.profile === 'default' ? run.pipeline : `${run.pipeline} (${run.profile})`],
    ['Started', `${run.started.slice(0, 16).replace('T', ' ')} UTC`],
    ...(run.seconds === undefined ? [] : [['Took', duration(run.seconds)]]),
    ['Ended', run.status],
    ...(run.commit === undefined ? [] : [['Commit', run.commit]]),
    ...run.machine,
  ];
  const rows = facts.map(([name, value]) => html`<tr><th scope="row" class="plain">${name}</th><td>${value}</td></tr>`);
  const drawn = svg({
    id: 'stages',
    title: 'The stages of the run',
    description: 'An arrow leads from a stage to one that reads what it made.',
    ...graph,
    body: html`<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="stage-head" d="M0 0L8 4L0 8z"/></marker></defs>${graph.body}`,
  });
  return {
    id: 'run',
    heading: 'How it ran',
    body: html`<table><tbody>${rows}</tbody></table><div class="searches">${figure('The stages: an arrow leads to what reads it.', scrollable('Stages', drawn))}</div>${
      timeline.jobs.length === 0
        ? undefined
        : figure(
            html`What each worker did.${timelineLegend(timeline)}`,
            scrollable('Timeline', timelineChart('timeline', timeline)),
          )
    }`,
  };
}
