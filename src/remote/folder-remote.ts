import { randomUUID } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure } from '../errors/failure.ts';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { makeFolder, publish, replaceFile } from '../store/durable.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Remote } from './remote.ts';

/**
 * A folder that several machines see (NFS, a mounted disk), laid out as a store is. Files come under another name first
 * and are renamed when they are whole.
 */
export function openFolderRemote(address: string): Result<Remote> {
  const root = address.startsWith('file://') ? fileURLToPath(address) : resolve(address);
  const folderOf = (kind: string, name: string): string => join(root, kind, name.slice(0, 2));
  const place = (kind: string, name: string): string => join(folderOf(kind, name), name);
  const temporary = (): string => join(root, 'tmp', randomUUID());
  const guarded = <Value>(doing: string, action: () => Value): Result<Value> => {
    try {
      return ok(action());
    } catch (problem) {
      return err(systemFailure(doing, problem));
    }
  };
  const there = (path: string, size?: number): boolean => {
    try {
      const found = statSync(path);
      return found.isFile() && (size === undefined || found.size === size);
    } catch (problem) {
      if (isSystemError(problem) && (problem.code === 'ENOENT' || problem.code === 'ENOTDIR')) return false;
      throw problem;
    }
  };
  if (!existsSync(root)) {
    const hint = 'make the folder, or mount the disk that it is on';
    return err(failure('remote-missing', `there is no folder ${root}`, { hint }));
  }
  const opened = guarded(`cannot use the remote ${root}`, () => makeFolder(join(root, 'tmp')));
  if (!opened.ok) return opened;
  return ok({
    name: root,
    getRecord: async (fingerprint) =>
      guarded('cannot read a record of the remote', () => {
        const path = place('records', fingerprint);
        return there(path) ? readFileSync(path, 'utf8') : undefined;
      }),
    putRecord: async (fingerprint, text) =>
      guarded('cannot write a record to the remote', () => {
        makeFolder(folderOf('records', fingerprint));
        replaceFile(place('records', fingerprint), text, temporary());
      }),
    hasBlob: async ({ digest, size }) =>
      guarded('cannot look into the remote', () => there(place('cas', digest), size)),
    getBlob: async (digest, file, limit) =>
      guarded('cannot read an artifact of the remote', () => {
        const path = place('cas', digest);
        if (!there(path) || statSync(path).size > limit) return false;
        copyFileSync(path, file);
        return true;
      }),
    putBlob: async ({ digest }, file) =>
      guarded('cannot write an artifact to the remote', () => {
        const half = temporary();
        try {
          copyFileSync(file, half);
          const descriptor = openSync(half, 'r');
          try {
            fsyncSync(descriptor);
          } finally {
            closeSync(descriptor);
          }
          makeFolder(folderOf('cas', digest));
          publish(half, place('cas', digest));
        } finally {
          // Nothing half-done stays behind where the disk is full; after the rename there is nothing to remove.
          rmSync(half, { force: true });
        }
      }),
  });
}
