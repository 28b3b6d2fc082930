import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import type { Store } from '../store/store.ts';
import { answer } from './answer.ts';
import { artifactPath, artifactView, innerFiles, openView, picturesOf } from './artifact-view.ts';
import { documentHeaders } from './headers.ts';

/** Rows and pictures that one request may ask for. */
const mostRows = 500;

/** Media types that a browser shows and that cannot act. */
const pictureTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Artifacts by digest: what they are, rows, pictures, files. */
export function addArtifactRoutes(api: Hono, store: Store): void {
  api.get('/artifacts/:digest', (context) => answer(context, artifactView(store, context.req.param('digest'))));
  api.get('/artifacts/:digest/rows', (context) => {
    const view = openView(store, context.req.param('digest'));
    const { from, count } = pageOf(context);
    return view.ok ? context.json(view.value.cells(from, count)) : answer(context, view);
  });
  api.get('/artifacts/:digest/pictures', (context) => {
    const { from, count } = pageOf(context);
    const column = context.req.query('column') ?? 'image';
    const pictures = picturesOf(store, context.req.param('digest'), column, from, count);
    if (!pictures.ok) return answer(context, pictures);
    const { height, width, channels, pixels } = pictures.value;
    return context.body(Uint8Array.from(pixels), 200, {
      'Content-Type': 'application/octet-stream',
      'X-Picture': [height, width, channels].join(' '),
    });
  });
  api.get('/artifacts/:digest/file', (context) => {
    const digest = context.req.param('digest');
    const path = artifactPath(store, digest);
    if (!path.ok) return answer(context, path);
    const stream = Readable.toWeb(createReadStream(path.value)) as ReadableStream;
    return context.body(stream, 200, asDownload(`${digest.slice(0, 12)}.arrow`));
  });
  api.get('/artifacts/:digest/files/:index', (context) => {
    const files = innerFiles(store, context.req.param('digest'));
    if (!files.ok) return answer(context, files);
    const file = files.value[Number(context.req.param('index'))];
    if (file === undefined) return context.notFound() as Response;
    return context.body(Uint8Array.from(file.content), 200, headersOf(file.mediaType, file.name));
  });
}

function pageOf(context: Context): { readonly from: number; readonly count: number } {
  const whole = (name: string, otherwise: number): number => {
    const value = Number.parseInt(context.req.query(name) ?? '', 10);
    return value >= 0 ? value : otherwise;
  };
  return { from: whole('from', 0), count: Math.min(mostRows, whole('count', 50)) };
}

/** A report is shown, without scripts and as another origin; pictures are shown; everything else is only downloaded. */
function headersOf(mediaType: string, name: string): Record<string, string> {
  if (mediaType === 'text/html') return documentHeaders;
  if (pictureTypes.has(mediaType)) return { 'Content-Type': mediaType };
  return asDownload(name.split('/').at(-1) ?? 'file');
}

function asDownload(name: string): Record<string, string> {
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll("'", '%27');
  return {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encoded}`,
  };
}
