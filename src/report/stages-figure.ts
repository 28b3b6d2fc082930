import type { graphDrawing } from './chart-graph.ts';
import { listed } from './format.ts';
import { type GraphNode, reduced, type StageGraph } from './graph.ts';
import { html, type Markup } from './html.ts';
import { figure, scrollable } from './section.ts';
import type { StageFacts } from './study.ts';
import { svg } from './svg.ts';

/** A drawing of stages with arrows, in a box that scrolls. */
export function stagesFigure(
  caption: string,
  { title, description, graph }: { title: string; description: string; graph: ReturnType<typeof graphDrawing> },
): Markup {
  const drawn = svg({
    id: 'stages',
    title,
    description,
    ...graph,
    body: html`<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="stage-head" d="M0 0L8 4L0 8z"/></marker></defs>${graph.body}`,
  });
  return figure(caption, scrollable('Stages', drawn));
}

/** The pipeline as a graph: a box a stage, with its kind and its instances. */
export function graphOfStages(stages: readonly StageFacts[]): StageGraph {
  const nodes = stages.map(({ name, kind, instances }): GraphNode => {
    const named =
      instances.length <= 4
        ? instances.join(', ')
        : `${instances.slice(0, 3).join(', ')} and ${instances.length - 3} more`;
    // Most stages are called as their kind is.
    return {
      id: name,
      title: name,
      detail: [kind === name ? '' : kind, named].filter((text) => text !== '').join(': '),
    };
  });
  const edges = stages.flatMap(({ name, from }) => from.map((before) => ({ from: before, to: name, isOrder: false })));
  return reduced({ nodes, edges });
}

/** The stages in words, for those who cannot see the drawing. */
export function stagesText(stages: readonly StageFacts[]): string {
  return `${stages.map(({ name, from }) => (from.length === 0 ? name : `${name} after ${listed(from)}`)).join('; ')}.`;
}
