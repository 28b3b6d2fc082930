import { type ComponentChild, h } from 'preact';
import type { Point } from '../../report/layers.ts';
import { stageParts } from '../../terminal/stage-parts.ts';
import type { StageState } from '../../terminal/state.ts';
import { stageFraction } from '../../terminal/time-left.ts';
import type { RunDrawing } from '../run-drawing.ts';
import { useJson, useNow, useSize } from './hooks.ts';
import { Sign } from './status.ts';

interface GraphPanelProps {
  readonly run: string;
  readonly stages: ReadonlyMap<string, StageState>;
  readonly families: ReadonlyMap<string, string>;
  readonly stage: string | undefined;
  readonly version: number;
  onStage(id: string): void;
}

/** A graph is made smaller to fit the page, but not so small that it cannot be read: then it scrolls. */
const leastScale = 0.8;
/** Characters of a line in a stage's box. */
const mostCharacters = 28;

/** The stages as a graph, each with its state. A stage is a button; its box stands over the drawn arrows. */
export function GraphPanel({ run, stages, families, stage, onStage }: GraphPanelProps): ComponentChild {
  const { value: drawing } = useJson<RunDrawing>(`/api/runs/${run}/graph`);
  const { ref, width } = useSize();
  const isLive = [...stages.values()].some(({ status }) => status === 'running');
  const now = useNow(isLive ? 1000 : undefined);
  const scale = drawing === undefined ? 1 : Math.max(leastScale, Math.min(1, width / drawing.width));
  return h(
    'section',
    { class: 'graph', 'aria-label': 'Stages' },
    h(
      'div',
      { class: 'scroll', ref, tabIndex: 0, role: 'group', 'aria-label': 'Graph of the stages' },
      drawing === undefined
        ? undefined
        : h(
            'div',
            { class: 'canvas', style: { width: `${drawing.width * scale}px`, height: `${drawing.height * scale}px` } },
            h(
              'div',
              {
                class: 'drawing',
                style: { width: `${drawing.width}px`, height: `${drawing.height}px`, transform: `scale(${scale})` },
              },
              h(Arrows, { drawing, stages }),
              drawing.nodes.map(({ id, x, y }) => {
                const state = stages.get(id);
                return state === undefined
                  ? undefined
                  : h(Box, { key: id, state, x, y, family: families.get(id), isShown: id === stage, now, onStage });
              }),
            ),
          ),
    ),
  );
}

interface BoxProps {
  readonly state: StageState;
  readonly x: number;
  readonly y: number;
  readonly family: string | undefined;
  readonly isShown: boolean;
  readonly now: number;
  onStage(id: string): void;
}

function Box({ state, x, y, family, isShown, now, onStage }: BoxProps): ComponentChild {
  const details = detailsOf(state, now);
  const detail = details.join(' · ');
  return h(
    'button',
    {
      type: 'button',
      class: `box box-${state.status} ${family ?? ''}`,
      style: { left: `${x}px`, top: `${y}px` },
      'aria-pressed': isShown,
      title: `${state.id}\n${detail}`,
      onClick: () => onStage(state.id),
    },
    h(
      'span',
      { class: 'name' },
      h(Sign, { of: state.status }),
      ' ',
      state.id,
      h('span', { class: 'unseen' }, `, ${state.status},`),
    ),
    h('span', { class: 'detail' }, detail === '' ? state.status : briefly(details)),
    state.status === 'running'
      ? h('span', { class: 'meter' }, h('span', { style: { width: `${stageFraction(state) * 100}%` } }))
      : undefined,
  );
}

/** What the terminal tells of a stage, without its bar of characters; the score first, where there is little room. */
function detailsOf(state: StageState, now: number): string[] {
  const parts = stageParts(state, now, 0).flatMap(({ text }) => (text === '' ? [] : [text]));
  const isScore = (text: string): boolean => text.startsWith('score ');
  const score = parts.filter(isScore).map((text) => text.slice('score '.length));
  return [...score, ...parts.filter((text) => !isScore(text))];
}

/** As many details as a box has room for: what is cut off in the middle says nothing. */
function briefly(details: readonly string[]): string {
  const [first = '', ...rest] = details;
  return rest.reduce(
    (text, next) => (text.length + next.length + 3 > mostCharacters ? text : `${text} · ${next}`),
    first,
  );
}

function Arrows({
  drawing,
  stages,
}: Pick<GraphPanelProps, 'stages'> & { readonly drawing: RunDrawing }): ComponentChild {
  return h(
    'svg',
    { width: drawing.width, height: drawing.height, 'aria-hidden': 'true' },
    drawing.edges.map(({ from, to, points }) => {
      const status = stages.get(from)?.status;
      const isDone = status === 'done' || status === 'cached';
      return h('path', { key: `${from}\n${to}`, class: `edge${isDone ? ' passed' : ''}`, d: curveThrough(points) });
    }),
  );
}

/** A smooth line through points from left to right: between two of them it leaves and arrives level. */
function curveThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let text = `M${first.x},${first.y}`;
  let last = first;
  for (const point of rest) {
    const middle = (last.x + point.x) / 2;
    text += `C${middle},${last.y} ${middle},${point.y} ${point.x},${point.y}`;
    last = point;
  }
  return text;
}
