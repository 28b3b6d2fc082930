import { layerDrawing } from './chart-layers.ts';
import { count } from './format.ts';
import { html, type Markup } from './html.ts';
import { inputShape, shapedLayers } from './layer-shapes.ts';
import { valueText } from './search-notes.ts';
import { familyName, type Section } from './section.ts';
import type { Family, ModelFacts, Study } from './study.ts';

function drawing(study: Study, family: Family, model: ModelFacts): Markup {
  const [data] = study.data;
  const input = data === undefined ? undefined : inputShape(model.input, data.height, data.width);
  const layers = shapedLayers(model.layers, input);
  const sum = layers.reduce((total, layer) => total + (layer.parameters ?? Number.NaN), 0);
  const drawn = layerDrawing({
    id: `layers-${family.index}`,
    title: `Layers of ${family.title}`,
    family: family.index,
    input,
    layers,
    showParameters: sum === family.parameters,
  });
  const parameters = family.parameters === undefined ? '' : `${count(family.parameters)} parameters. `;
  return html`<section><h3>${familyName(family)}</h3><p>${parameters}${trainingText(model)}</p>${drawn}</section>`;
}

function trainingText({ training }: ModelFacts): string {
  const { optimizer, batchSize, epochs, loss } = training;
  const parts = [
    optimizer === undefined ? '' : `optimizer ${optimizerText(optimizer)}`,
    batchSize === undefined ? '' : `batches of ${valueText(batchSize)}`,
    epochs === undefined ? '' : `${valueText(epochs)} epochs`,
    loss === undefined ? '' : `loss ${valueText(loss)}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Trained with ${parts.join(', ')}.`;
}

/** A name, or the name in a map with its constants: {adam: {…}} or {name: adam, …}. */
function optimizerText(optimizer: ModelFacts['training'][string]): string {
  if (typeof optimizer !== 'object' || optimizer === null || Array.isArray(optimizer)) return valueText(optimizer);
  const entries = Object.entries(optimizer);
  const named = entries.find(([key]) => key === 'name' || key === 'kind');
  if (named !== undefined) return valueText(named[1]);
  return entries.length === 1 && entries[0] !== undefined ? entries[0][0] : valueText(optimizer);
}

/** The layers of each family as drawn boxes. */
export function architectureSection(study: Study): Section | undefined {
  const drawn = study.families.flatMap((family) =>
    family.model === undefined || family.model.layers.length === 0 ? [] : [drawing(study, family, family.model)],
  );
  if (drawn.length === 0) return undefined;
  return { id: 'architecture', heading: 'Architectures', body: html`<div class="architectures">${drawn}</div>` };
}
