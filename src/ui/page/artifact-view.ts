import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import type { Cell, ColumnDescription } from '../../artifact/table-view.ts';
import { grouped, plural } from '../../terminal/format.ts';
import type { ArtifactView as Artifact } from '../artifact-view.ts';
import { CellTable } from './cell-table.ts';
import { useJson } from './hooks.ts';
import { PicturesPanel } from './pictures-panel.ts';
import { ProblemBox } from './problem-box.ts';
import type { Route } from './route.ts';
import { bytesText } from './text.ts';

type ArtifactRoute = Extract<Route, { view: 'artifact' }>;

/** Rows on a page. */
const pageRows = 50;

/** An artifact: what it is, its pictures, its rows. */
export function ArtifactView({ route }: { readonly route: ArtifactRoute }): ComponentChild {
  const { value, problem } = useJson<Artifact>(`/api/artifacts/${route.digest}`);
  return h(
    'main',
    { id: 'content', class: 'artifact-view' },
    h('h1', {}, route.name ?? `artifact ${route.digest.slice(0, 12)}`),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
    value === undefined ? undefined : h(Contents, { artifact: value }),
  );
}

function Contents({ artifact }: { readonly artifact: Artifact }): ComponentChild {
  const { digest, type, rows, size, columns, metadata, files } = artifact;
  const picture = columns.find(isPicture);
  return h(
    'div',
    {},
    h(
      'p',
      { class: 'soft' },
      `${type}, ${plural(rows, 'row')}, ${bytesText(size)}, SHA-256 ${digest.slice(0, 16)}… `,
      h('a', { href: `/api/artifacts/${digest}/file`, download: `${digest.slice(0, 12)}.arrow` }, 'Arrow file'),
    ),
    files === undefined ? undefined : h(Files, { digest, files }),
    picture === undefined ? undefined : h(PicturesPanel, { artifact, column: picture.name }),
    files === undefined ? h(Rows, { digest, columns, rows }) : undefined,
    h(Metadata, { metadata }),
  );
}

/** A tensor of two dimensions, or of three of which the last are colours. */
function isPicture({ shape, type }: ColumnDescription): boolean {
  if (shape === undefined || !/<(Uint8|Float32)>/.test(type)) return false;
  const [height = 0, width = 0, channels = 1] = shape;
  return shape.length >= 2 && shape.length <= 3 && height > 3 && width > 3 && (channels === 1 || channels === 3);
}

function Files({
  digest,
  files,
}: {
  readonly digest: string;
  readonly files: NonNullable<Artifact['files']>;
}): ComponentChild {
  return h(
    'ul',
    { class: 'files' },
    files.map(({ name, mediaType, size }, index) =>
      h(
        'li',
        { key: index },
        h('a', { href: `/api/artifacts/${digest}/files/${index}`, target: '_blank', rel: 'noopener' }, name),
        h('span', { class: 'soft' }, ` ${mediaType}, ${bytesText(size)}`),
        mediaType.startsWith('image/') && mediaType !== 'image/svg+xml'
          ? h('img', { src: `/api/artifacts/${digest}/files/${index}`, alt: name })
          : undefined,
      ),
    ),
  );
}

function Rows({ digest, columns, rows }: Pick<Artifact, 'digest' | 'columns' | 'rows'>): ComponentChild {
  const [from, setFrom] = useState(0);
  const { value, problem } = useJson<Cell[][]>(`/api/artifacts/${digest}/rows?from=${from}&count=${pageRows}`);
  const last = Math.min(rows, from + pageRows);
  return h(
    'section',
    { 'aria-labelledby': 'rows-title' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'rows-title' }, 'Rows'),
      h(
        'p',
        { class: 'soft', role: 'status' },
        rows === 0 ? 'none' : `${grouped(from + 1)} to ${grouped(last)} of ${grouped(rows)}`,
      ),
      h(
        'button',
        { type: 'button', disabled: from === 0, onClick: () => setFrom(Math.max(0, from - pageRows)) },
        'Back',
      ),
      h('button', { type: 'button', disabled: last >= rows, onClick: () => setFrom(last) }, 'Next'),
    ),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
    h(CellTable, {
      label: 'Rows of the artifact',
      columns: columns.map(({ name, type, shape }) => ({
        name,
        type: shape === undefined ? type : `${shape.join('×')} ${type.replace(/^.*</, '').replace('>', '')}`,
      })),
      rows: value ?? [],
    }),
  );
}

function Metadata({ metadata }: Pick<Artifact, 'metadata'>): ComponentChild {
  return h(
    'section',
    { 'aria-labelledby': 'metadata-title' },
    h('h2', { id: 'metadata-title' }, 'Metadata'),
    h(
      'dl',
      { class: 'facts' },
      Object.entries(metadata).map(([name, value]) => [h('dt', {}, name), h('dd', { class: 'long' }, value)]),
    ),
  );
}
