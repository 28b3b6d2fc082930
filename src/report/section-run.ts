import { timelineChart, timelineLegend } from './chart-timeline.ts';
import { duration } from './format.ts';
import { html, type Markup } from './html.ts';
import type { RunFacts, RunStage } from './run-facts.ts';
import { figure, numbersTable, type Section, scrollable } from './section.ts';
import { stagesFigure } from './stages-figure.ts';
import type { Study } from './study.ts';

function statusText({ status, failure }: RunStage): string {
  return failure === undefined ? status : `failed: ${failure}`;
}

function factsTable(run: RunFacts): Markup {
  const facts = [
    ['Run', run.id],
    ['Pipeline', run.profile === 'default' ? run.pipeline : `${run.pipeline} (${run.profile})`],
    ['Started', `${run.started.slice(0, 16).replace('T', ' ')} UTC`],
    ...(run.seconds === undefined ? [] : [['Took', duration(run.seconds)]]),
    ['Ended', run.status],
    ...(run.counts === undefined
      ? []
      : [['Jobs', `${run.counts.ran} ran, ${run.counts.cached} were taken from the store`]]),
    ...(run.commit === undefined ? [] : [['Commit', run.commit]]),
    ...run.machine,
  ];
  const rows = facts.map(([name, value]) => html`<tr><th scope="row" class="plain">${name}</th><td>${value}</td></tr>`);
  return html`<table class="facts"><tbody>${rows}</tbody></table>`;
}

function stagesTable({ stages }: RunFacts): Markup {
  const rows = stages.map((stage) => [
    stage.id,
    statusText(stage),
    stage.jobs,
    stage.cachedJobs,
    stage.status === 'failed' ? '' : duration(stage.seconds),
    stage.fingerprint?.slice(0, 12) ?? '',
  ]);
  const heads = ['Stage', 'Status', 'Jobs', 'From the store', 'Computing', 'Fingerprint'];
  return numbersTable('The stages in numbers', heads, rows);
}

/** How the run went: its stages, its workers, and what it ran on. Only in a report of a run. */
export function runSection({ run }: Study): Section | undefined {
  if (run === undefined) return undefined;
  const { graph, timeline } = run;
  const drawn = stagesFigure('The stages: an arrow leads to what reads it. Dashed boxes were taken from the store.', {
    title: 'The stages of the run',
    description: `An arrow leads from a stage to one that reads what it made. ${run.stages.map((stage) => `${stage.id}: ${statusText(stage)}`).join('; ')}.`,
    graph,
  });
  const work =
    timeline.jobs.length === 0
      ? undefined
      : figure(
          html`What each worker did.${timelineLegend(timeline)}`,
          scrollable('Timeline', timelineChart('timeline', timeline)),
        );
  return {
    id: 'run',
    heading: 'How it ran',
    body: html`<div class="run-facts"><div>${factsTable(run)}${stagesTable(run)}</div>${drawn}</div>${work}`,
  };
}
