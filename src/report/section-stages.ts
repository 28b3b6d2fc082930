import { graphDrawing } from './chart-graph.ts';
import { html } from './html.ts';
import type { Section } from './section.ts';
import { graphOfStages, stagesFigure, stagesText } from './stages-figure.ts';
import type { Study } from './study.ts';

/** Wider drawings would be scaled down too much; in CSS pixels. */
const widest = 1450;

/** The pipeline that led to the report. A report of a run draws what became of it instead. */
export function stagesSection({ stages = [], run }: Study): Section | undefined {
  if (run !== undefined || stages.length < 2) return undefined;
  const graph = graphOfStages(stages);
  // A page is wider than it is high: a chain of stages is read along it, as long as the words stay large enough.
  const right = graphDrawing(graph, 'right');
  const drawn = stagesFigure('The stages of the pipeline: an arrow leads to what reads it.', {
    title: 'The stages of the pipeline',
    description: stagesText(stages),
    graph: right.width <= widest ? right : graphDrawing(graph),
  });
  return {
    id: 'pipeline',
    heading: 'How it was made',
    body: html`<div class="fit">${drawn}</div><p class="remark">When each stage ran, on which machine and what was taken from the store stands in the report of a run: <code>pipe report</code>.</p>`,
  };
}
