import { failure } from '../errors/failure.ts';
import { openStore } from '../store/store.ts';
import { err } from '../util/result.ts';
import { answerQuestion, type Question } from './question.ts';

/** The message that the process is begun with. */
export interface Order {
  readonly store: string;
  readonly question: Question;
}

// Who asked is gone, or wants no answer any more.
process.once('disconnect', () => process.exit());
process.once('message', async ({ store: root, question }: Order) => {
  const store = openStore(root, () => {});
  const answer = store.ok ? await answerQuestion(store.value, question).catch(wordsOf) : store;
  if (store.ok) store.value.close();
  process.send?.(answer, () => process.exit());
});

function wordsOf(problem: unknown): ReturnType<typeof err> {
  return err(failure('answer', problem instanceof Error ? problem.message : String(problem)));
}
