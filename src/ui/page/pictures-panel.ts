import { type ComponentChild, h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Cell } from '../../artifact/table-view.ts';
import { grouped } from '../../terminal/format.ts';
import type { ArtifactView } from '../artifact-view.ts';
import { useJson } from './hooks.ts';

interface PicturesPanelProps {
  readonly artifact: ArtifactView;
  readonly column: string;
}

interface Sheet {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

/** Pictures on a page. */
const pagePictures = 96;

/** The pictures in an artifact, page by page, with the names of their classes. */
export function PicturesPanel({ artifact, column }: PicturesPanelProps): ComponentChild {
  const [from, setFrom] = useState(0);
  const { digest, rows } = artifact;
  const sheet = useSheet(digest, column, from);
  const { value: cells } = useJson<Cell[][]>(`/api/artifacts/${digest}/rows?from=${from}&count=${pagePictures}`);
  const last = Math.min(rows, from + pagePictures);
  const labels = labelsOf(artifact, cells);
  return h(
    'section',
    { 'aria-labelledby': 'pictures-title' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'pictures-title' }, 'Pictures'),
      h('p', { class: 'soft', role: 'status' }, `${grouped(from + 1)} to ${grouped(last)} of ${grouped(rows)}`),
      h(
        'button',
        { type: 'button', disabled: from === 0, onClick: () => setFrom(Math.max(0, from - pagePictures)) },
        'Back',
      ),
      h('button', { type: 'button', disabled: last >= rows, onClick: () => setFrom(last) }, 'Next'),
    ),
    sheet === undefined
      ? undefined
      : h(
          'ul',
          { class: 'pictures' },
          Array.from({ length: last - from }, (_, index) =>
            h(
              'li',
              { key: from + index },
              h(Picture, { sheet, index, label: labels[index] ?? `row ${from + index}` }),
              h('span', { class: 'caption' }, labels[index] ?? from + index),
            ),
          ),
        ),
  );
}

/** What each picture shows: the name of its label's class, where the artifact has both. */
function labelsOf({ columns, metadata }: ArtifactView, cells: readonly (readonly Cell[])[] | undefined): string[] {
  const place = columns.findIndex(({ name }) => name === 'label');
  if (cells === undefined || place < 0) return [];
  const names = classNames(metadata['classes']);
  return cells.map((row) => {
    const label = row[place];
    return typeof label === 'number' ? (names[label] ?? String(label)) : '';
  });
}

function classNames(text: string | undefined): string[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(read) ? read.map(String) : [];
  } catch {
    return [];
  }
}

/** The pixels of a page of pictures, as they come: no file format between. */
function useSheet(digest: string, column: string, from: number): Sheet | undefined {
  const [sheet, setSheet] = useState<Sheet>();
  useEffect(() => {
    const stop = new AbortController();
    const query = new URLSearchParams({ column, from: String(from), count: String(pagePictures) });
    void fetch(`/api/artifacts/${digest}/pictures?${query}`, { signal: stop.signal })
      .then(async (answer) => {
        const [height = 0, width = 0, channels = 1] = (answer.headers.get('X-Picture') ?? '').split(' ').map(Number);
        if (answer.ok) setSheet({ height, width, channels, pixels: new Uint8Array(await answer.arrayBuffer()) });
      })
      .catch(() => {
        // The page was left, or pipe has ended, which the rows beside it tell.
      });
    return () => stop.abort();
  }, [digest, column, from]);
  return sheet;
}

function Picture({
  sheet,
  index,
  label,
}: {
  readonly sheet: Sheet;
  readonly index: number;
  readonly label: string;
}): ComponentChild {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height, width, channels, pixels } = sheet;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    const size = height * width * channels;
    const own = pixels.subarray(index * size, (index + 1) * size);
    if (context === null || context === undefined || own.length < size) return;
    const image = context.createImageData(width, height);
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let color = 0; color < 3; color++)
        image.data[pixel * 4 + color] = own[pixel * channels + (channels === 3 ? color : 0)] ?? 0;
      image.data[pixel * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [sheet, index]);
  return h('canvas', {
    ref: canvas,
    width,
    height,
    role: 'img',
    'aria-label': label,
    class: channels === 1 ? 'ink' : '',
  });
}
