import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failure } from '../errors/failure.ts';
import type { Store } from '../store/store.ts';
import { err, type Result } from '../util/result.ts';
import type { Order } from './answering-process.ts';
import type { Answers, Question } from './question.ts';

/** Milliseconds that an answer may take. */
const patience: Readonly<Record<Question['about'], number>> = { diff: 120_000, tables: 30_000, sql: 30_000 };
/** Megabytes of JavaScript values that an answer may be made of. */
const mostMemory = 2048;

/** Puts questions to processes of their own. */
export interface Asker {
  ask<Of extends Question>(question: Of, signal: AbortSignal): Promise<Result<Answers[Of['about']]>>;
}

/**
 * Questions about a store are answered in a process of their own, so that neither the page nor a run that this process makes waits
 * for them, and one that takes too long, or too much, is ended: SQL can ask for more than any machine has. `sideBySide`: so many
 * processes at most; further questions wait. The program beside this file is started, so this works when it was built.
 */
export function createAsker(store: Store, sideBySide: number): Asker {
  const waiting: (() => void)[] = [];
  let busy = 0;
  const free = (): void => {
    const next = waiting.shift();
    if (next === undefined) busy--;
    else next();
  };
  const turn = async (): Promise<void> => {
    if (busy < sideBySide) busy++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    ask: async (question, signal) => {
      await turn();
      try {
        return await answerFrom({ store: store.layout.root, question }, signal);
      } finally {
        free();
      }
    },
  };
}

function answerFrom<Of extends Question>(order: Order, signal: AbortSignal): Promise<Result<Answers[Of['about']]>> {
  const late = AbortSignal.timeout(patience[order.question.about]);
  if (signal.aborted) return Promise.resolve(err(failure('answer-unwanted', 'nobody waits for this answer any more')));
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./answering-process.js', import.meta.url)), {
      execArgv: [`--max-old-space-size=${mostMemory}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const end = (answer: Result<Answers[Of['about']]>): void => {
      late.removeEventListener('abort', tooLate);
      signal.removeEventListener('abort', unwanted);
      child.kill('SIGKILL');
      resolve(answer);
    };
    const tooLate = (): void => {
      const seconds = patience[order.question.about] / 1000;
      end(err(failure('answer-late', `there was no answer within ${seconds} s, so it was ended`)));
    };
    const unwanted = (): void => end(err(failure('answer-unwanted', 'nobody waits for this answer any more')));
    late.addEventListener('abort', tooLate, { once: true });
    signal.addEventListener('abort', unwanted, { once: true });
    child.once('message', (answer) => end(answer as Result<Answers[Of['about']]>));
    child.once('error', (problem) => end(err(failure('answer', problem.message))));
    child.once('exit', () => {
      const hint = 'it may have needed more memory than it may have: ask for less';
      end(err(failure('answer-died', 'the process that was to answer ended before it did', { hint })));
    });
    child.send(order);
  });
}
