import { isJsonObject, type Json } from '../util/json.ts';
import { count, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import type { ShapedLayer } from './layer-shapes.ts';
import { familyColour, svg } from './svg.ts';

export interface LayerDrawing {
  readonly id: string;
  readonly title: string;
  readonly family: number;
  readonly input: readonly number[] | undefined;
  readonly layers: readonly ShapedLayer[];
  /** Whether the parameters of the layers add up to those of the weights, so that they may be shown. */
  readonly showParameters: boolean;
}

const width = 300;
const boxHeight = 42;
const step = 56;

function shapeText(shape: readonly number[] | undefined): string {
  return shape === undefined ? '' : shape.join(' × ');
}

/** Configuration that a person wants to see in the box; the rest is in the pipeline. */
function detail({ layer, config }: ShapedLayer): string {
  const texts: string[] = [];
  for (const key of [
    'units',
    'filters',
    'kernelSize',
    'poolSize',
    'rate',
    'numHeads',
    'keyDim',
    'layer',
    'activation',
  ] as const) {
    const value = config[key];
    if (value === undefined || value === null || (layer !== 'activation' && value === 'linear')) continue;
    if (key === 'kernelSize' || key === 'poolSize') texts.push(sizeText(value));
    else if (key === 'layer') texts.push(...innerTexts(value));
    else texts.push(typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return texts.join(', ');
}

/** The layer inside a layer: its name and its units. */
function innerTexts(value: Json): string[] {
  const [[name, config] = ['', null]] = isJsonObject(value) ? Object.entries(value) : [];
  const units = isJsonObject(config) ? config['units'] : undefined;
  return units === undefined ? [name] : [`${name} ${String(units)}`];
}

function sizeText(value: unknown): string {
  return Array.isArray(value) ? value.join('×') : `${String(value)}×${String(value)}`;
}

/** A model as boxes from input to output: layer and configuration, output shape, parameters. */
export function layerDrawing(drawing: LayerDrawing): Markup {
  const boxes = drawing.layers.map((layer, index) =>
    box(layer.layer, detail(layer), rightText(layer, drawing.showParameters), (index + 1) * step),
  );
  const arrows = drawing.layers.map((_, index) => {
    const y = (index + 1) * step;
    return html`<path class="arrow" d="M${width / 2} ${y - step + boxHeight + 2}V${y - 3}m-3.5 -4l3.5 4l3.5 -4"/>`;
  });
  const described = drawing.layers.map((layer) =>
    [layer.layer, detail(layer), ...rightText(layer, drawing.showParameters)].filter((text) => text !== '').join(' '),
  );
  return svg({
    id: drawing.id,
    title: drawing.title,
    description: `input ${shapeText(drawing.input)}; ${described.join('; ')}`,
    width,
    height: (drawing.layers.length + 1) * step,
    body: [
      html`<g class="layers">${box('input', '', [shapeText(drawing.input), ''], 0)}</g>`,
      html`<g class="layers ${familyColour(drawing.family)}">${arrows}${boxes}</g>`,
    ],
  });
}

function rightText(layer: ShapedLayer, showParameters: boolean): readonly [string, string] {
  const parameters = layer.parameters;
  const known = showParameters && parameters !== undefined && parameters > 0;
  return [shapeText(layer.shape), known ? `${count(parameters)} parameters` : ''];
}

function box(name: string, below: string, right: readonly [string, string], top: number): Markup {
  const nameTop = below === '' ? top + 26 : top + 18;
  const shapeTop = right[1] === '' ? top + 26 : top + 18;
  return html`<rect class="box" x="1" y="${top + 1}" width="${width - 2}" height="${boxHeight - 2}" rx="5"/><text class="label" x="13" y="${nameTop}">${shortened(name, 22)}</text><text class="tick" x="13" y="${top + 33}">${shortened(below, 24)}</text><text class="value" x="${width - 13}" y="${shapeTop}" text-anchor="end">${right[0]}</text><text class="tick" x="${width - 13}" y="${top + 33}" text-anchor="end">${right[1]}</text>`;
}
