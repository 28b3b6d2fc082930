import { type ComponentChild, h } from 'preact';
import type { MachineSample, RunModel } from './run-model.ts';
import { bytesText } from './text.ts';

interface Series {
  readonly name: string;
  readonly text: string;
  /** What is all of it; undefined: the most that there was. */
  readonly most: number | undefined;
  readonly values: readonly { readonly at: number; readonly value: number }[];
}

const width = 300;
const height = 40;

/** How busy the machine was while the run went on. */
export function MachinePanel({ model }: { readonly model: RunModel; readonly version: number }): ComponentChild {
  const series = seriesOf(model);
  if (series.length === 0) return undefined;
  const from = model.state.startedAt ?? model.machine[0]?.at ?? 0;
  const to = model.machine.at(-1)?.at ?? from;
  return h(
    'section',
    { class: 'machine', 'aria-labelledby': 'machine-title' },
    h('div', { class: 'panel-head' }, h('h2', { id: 'machine-title' }, 'Machine')),
    series.map((one) => h(Meter, { key: one.name, series: one, from, to })),
  );
}

function seriesOf({ machine, state }: RunModel): Series[] {
  const last = machine.at(-1);
  if (last === undefined) return [];
  const { devices } = state;
  const of = (read: (sample: MachineSample) => number | undefined): Series['values'] =>
    machine.flatMap((sample) => {
      const value = read(sample);
      return value === undefined ? [] : [{ at: sample.at, value }];
    });
  const cores = devices === undefined ? '' : ` of ${devices.cpus}`;
  const all: Series[] = [
    { name: 'CPU', text: `${last.cpus.toFixed(1)}${cores} cores`, most: devices?.cpus, values: of(({ cpus }) => cpus) },
    { name: 'Memory', text: bytesText(last.memory), most: undefined, values: of(({ memory }) => memory) },
    ...last.gpus.flatMap(({ use, memory }, index): Series[] => [
      {
        name: `GPU ${index}`,
        text: use === undefined ? '' : `${Math.round(use * 100)} %`,
        most: 1,
        values: of(({ gpus }) => gpus[index]?.use),
      },
      {
        name: `GPU ${index} memory`,
        text: memory === undefined ? '' : bytesText(memory),
        most: devices?.gpus[index]?.memory,
        values: of(({ gpus }) => gpus[index]?.memory),
      },
    ]),
  ];
  return all.filter(({ values }) => values.length > 0);
}

function Meter({
  series,
  from,
  to,
}: {
  readonly series: Series;
  readonly from: number;
  readonly to: number;
}): ComponentChild {
  const { name, text, values } = series;
  const most = Math.max(series.most ?? 0, ...values.map(({ value }) => value)) || 1;
  const x = (at: number): number => (to > from ? ((at - from) / (to - from)) * width : width);
  const y = (value: number): number => height - (value / most) * (height - 2);
  const line = values.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const [first] = values;
  const start = first === undefined ? 0 : x(first.at);
  return h(
    'figure',
    {},
    h('figcaption', {}, h('span', {}, name), h('span', { class: 'soft' }, text)),
    h(
      'svg',
      {
        viewBox: `0 0 ${width} ${height}`,
        preserveAspectRatio: 'none',
        role: 'img',
        'aria-label': `${name} over time, now ${text}`,
      },
      h('polygon', { points: `${start},${height} ${line} ${width},${height}` }),
      h('polyline', { points: line }),
    ),
  );
}
