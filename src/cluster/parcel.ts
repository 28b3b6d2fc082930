import { gunzipSync, gzipSync } from 'node:zlib';
import { sha256 } from '../util/sha256.ts';
import type { PilotDescription } from './description.ts';
import type { Outcome } from './outcome.ts';
import type { PilotLine } from './pilot-line.ts';
import type { QueuedTask } from './queued-task.ts';
import type { PilotSpec } from './spec.ts';

/** What a batch script brings to its pilots, where they share no file system with the run. */
export interface Parcel {
  readonly spec: PilotSpec;
  /** Address of the remote that artifacts and results go by. */
  readonly remote: string;
  /** Each task of the array has every so many-th of them, from its own index on. */
  readonly pilots: number;
  readonly tasks: readonly QueuedTask[];
  /** Bytes of the artifacts that the tasks read, by digest. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** What a pilot tells of an attempt, by the remote: once, when it is over. */
export interface Account {
  readonly pilot: PilotDescription;
  readonly lines: readonly PilotLine[];
  readonly outcome?: Outcome;
}

/** Letters of a line of the text, as base64 of MIME has it. */
const width = 76;

/** A parcel as lines that no shell can take for anything else. */
export function pack(parcel: Parcel): string {
  const text = gzipSync(JSON.stringify(parcel)).toString('base64');
  return text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? '';
}

/** Errors: a text that is no parcel throws. */
export function unpack(text: string): Parcel {
  return JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')) as Parcel;
}

/** The tasks of a parcel that are for one pilot of the array. */
export function tasksFor({ tasks, pilots }: Pick<Parcel, 'tasks' | 'pilots'>, index: number): QueuedTask[] {
  return tasks.filter((_, place) => place % pilots === index);
}

/** The name under which a remote keeps the account of an attempt: in the form of a fingerprint, of which it can be none. */
export function accountName(task: string): string {
  return sha256(`account of ${task}`);
}

/** An account as it was read; undefined where it is none. */
export function parseAccount(text: string): Account | undefined {
  try {
    const account = JSON.parse(text) as Partial<Account>;
    return Array.isArray(account.lines) && typeof account.pilot?.id === 'string' ? (account as Account) : undefined;
  } catch {
    return undefined;
  }
}
