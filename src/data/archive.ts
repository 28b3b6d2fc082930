import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { download } from '../util/download.ts';
import { withLock } from '../util/lock.ts';
import { err, ok, type Result } from '../util/result.ts';
import { unpack } from '../util/unpack.ts';
import { forgetUnreachable, probe, recallUnreachable, rememberUnreachable } from './reachable.ts';

/** A zip archive of data sets that can be downloaded. */
export interface OfficialArchive {
  readonly title: string;
  readonly url: string;
  readonly md5: string;
  /** Its size, for people. */
  readonly megabytes: number;
  /** Data sets that it holds, as gzipped IDX files that begin with these names. */
  readonly datasets: readonly string[];
}

/** NIST's own archive of EMNIST (Cohen, Afshar, Tapson, van Schaik, 2017). */
export const emnistArchive: OfficialArchive = {
  title: "NIST's archive of EMNIST",
  url: 'https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip',
  md5: '58c8d27c78d21e728a6bc7b3cc06412e',
  megabytes: 562,
  datasets: ['byclass', 'bymerge', 'balanced', 'letters', 'digits', 'mnist'].map((name) => `emnist-${name}`),
};

export interface ArchiveRequest {
  readonly dataset: string;
  /** Folder for what may be kept between runs. */
  readonly cache: string;
  /** Looks again for a server that was not reachable in an earlier run. */
  readonly refresh: boolean;
  /** Take what is in the cache, and fetch nothing. */
  readonly offline: boolean;
  readonly notice: (line: string) => void;
  readonly signal: AbortSignal;
  readonly archive?: OfficialArchive;
  /** Milliseconds that the server has for its first answer (default 4,000). */
  readonly patience?: number;
}

/** A folder that holds the data set's files, or why there is none. */
export type ArchiveOutcome =
  | { readonly usable: true; readonly folder: string }
  | { readonly usable: false; readonly reason: string };

/**
 * Gets the files of a data set from an official archive: from the cache, else by a download that goes on where an
 * earlier one was cut off. A server that does not answer is remembered in the cache, so that later runs neither wait
 * for it nor take other data than this run without being told to (`refresh`).
 *
 * Errors: a wrong checksum, a download that breaks off, a damaged archive, a full disk, an interruption.
 */
export async function obtainArchive(request: ArchiveRequest): Promise<Result<ArchiveOutcome>> {
  const archive = request.archive ?? emnistArchive;
  if (!archive.datasets.includes(request.dataset)) {
    return ok({
      usable: false,
      reason: `${archive.title} holds ${archive.datasets.join(', ')}, not ${request.dataset}`,
    });
  }
  const home = join(request.cache, 'archives', archive.md5);
  const folder = join(home, request.dataset);
  if (existsSync(folder)) return ok({ usable: true, folder });
  const onWait = () => request.notice(`waiting for another run that is getting ${archive.title}`);
  return withLock(`archive ${home}`, { onWait, signal: request.signal }, async () => {
    if (existsSync(folder)) return ok({ usable: true, folder });
    try {
      await mkdir(home, { recursive: true });
      return await obtain(request, archive, home, folder);
    } catch (problem) {
      if (request.signal.aborted) return err(failure('interrupted', `getting ${archive.title} was interrupted`));
      return err(systemFailure(`cannot keep ${archive.title} in the cache`, problem));
    }
  });
}

async function obtain(
  request: ArchiveRequest,
  archive: OfficialArchive,
  home: string,
  folder: string,
): Promise<Result<ArchiveOutcome>> {
  const file = join(home, 'archive.zip');
  const fetched = existsSync(file);
  const unreachable = fetched ? undefined : await reachability(request, archive, home);
  if (unreachable !== undefined) return ok({ usable: false, reason: unreachable });
  if (request.offline) {
    const hint = 'a run fetches it';
    return err(failure('not-fetched', `${archive.title} is not on this machine yet`, { hint }));
  }
  if (!fetched) {
    const downloaded = await fetchArchive(request, archive, file);
    if (!downloaded.ok) return downloaded;
  } else if ((await md5Of(file, request.signal)) !== archive.md5) {
    return err(
      failure('archive-checksum', `${file} is not ${archive.title}: its md5 checksum is wrong`, {
        hint: 'delete the file, and the next run downloads it again',
      }),
    );
  }
  const unpacked = await unpackDataset(request, file, home, folder);
  return unpacked.ok ? ok({ usable: true, folder }) : unpacked;
}

/** Undefined when the server answers, else a line that says since when it does not. */
async function reachability(
  request: ArchiveRequest,
  archive: OfficialArchive,
  home: string,
): Promise<string | undefined> {
  const again = 'PIPE_REFRESH_SOURCES=1 looks again';
  const remembered = request.refresh ? undefined : await recallUnreachable(home);
  if (remembered !== undefined) return `${archive.title} was not reachable on ${remembered.date}; ${again}`;
  const problem = await probe(archive.url, request.patience ?? 4000, request.signal);
  if (problem === undefined) {
    await forgetUnreachable(home);
    return undefined;
  }
  const { date } = await rememberUnreachable(home, problem);
  return `${archive.title} was not reachable on ${date} (${problem}); ${again}`;
}

async function fetchArchive(request: ArchiveRequest, archive: OfficialArchive, file: string): Promise<Result<void>> {
  request.notice(`downloading ${archive.title} (${archive.megabytes} MB) from ${archive.url}`);
  let tenths = 0;
  return download({
    url: archive.url,
    destination: file,
    md5: archive.md5,
    signal: request.signal,
    onProgress: ({ received, total }) => {
      const done = total === undefined ? 0 : Math.floor((10 * received) / total);
      if (done > tenths && done < 10) request.notice(`downloading ${archive.title}: ${10 * done} %`);
      tenths = Math.max(tenths, done);
    },
  });
}

async function md5Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Unpacks the members of one data set beside the folder, and renames them into it when all are whole. */
async function unpackDataset(
  request: ArchiveRequest,
  file: string,
  home: string,
  folder: string,
): Promise<Result<void>> {
  const wanted = ['train', 'test'].flatMap((part) =>
    ['images-idx3', 'labels-idx1'].map((content) => `${request.dataset}-${part}-${content}-ubyte.gz`),
  );
  const members = new Set<string>();
  const unpacking = await mkdtemp(join(home, 'unpacking-'));
  try {
    const unpacked = await unpack(file, unpacking, {
      wanted: (member) => {
        if (wanted.includes(basename(member))) members.add(member);
        return members.has(member);
      },
      signal: request.signal,
    });
    if (!unpacked.ok) return unpacked;
    const places = new Set([...members].map((member) => dirname(member)));
    const [place] = places;
    if (place === undefined || members.size !== wanted.length || places.size !== 1) {
      return err(failure('archive-incomplete', `${file} should hold ${wanted.join(', ')} in one folder`));
    }
    await rename(join(unpacking, place), folder);
    return ok();
  } finally {
    await rm(unpacking, { recursive: true, force: true });
  }
}
