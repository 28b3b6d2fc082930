import type { Hono } from 'hono';
import { failure } from '../errors/failure.ts';
import type { Store } from '../store/store.ts';
import { err, ok } from '../util/result.ts';
import { isUlid } from '../util/ulid.ts';
import { answer } from './answer.ts';
import { createAsker } from './ask-aside.ts';
import { textIn } from './body.ts';
import { keepDocuments } from './documents.ts';
import { documentHeaders } from './headers.ts';

/** Questions that are answered at once; a person asks one at a time, in a tab or two. */
const sideBySide = 2;
/** Diffs that are kept for the frames that show them. */
const mostDocuments = 8;
/** Characters of SQL. */
const longestSql = 20_000;

/** What takes longer than a look: two runs compared, and SQL over the artifacts of one. */
export function addQuestionRoutes(api: Hono, store: Store): void {
  const asker = createAsker(store, sideBySide);
  const documents = keepDocuments(mostDocuments);
  api.get('/compare', async (context) => {
    const { a = '', b = '' } = context.req.query();
    if (!isUlid(a) || !isUlid(b)) return answer(context, unknownRun);
    const compared = await asker.ask({ about: 'diff', runs: [a, b] }, context.req.raw.signal);
    if (!compared.ok) return answer(context, compared);
    const { isSame, document } = compared.value;
    return answer(context, ok({ isSame, document: `/api/documents/${documents.keep(document)}` }));
  });
  api.get('/documents/:name', (context) => {
    const text = documents.find(context.req.param('name'));
    return text === undefined ? (context.notFound() as Response) : context.body(text, 200, documentHeaders);
  });
  api.get('/runs/:run/tables', async (context) => {
    const run = context.req.param('run');
    return answer(context, await asker.ask({ about: 'tables', run }, context.req.raw.signal));
  });
  api.post('/runs/:run/sql', async (context) => {
    const sql = await textIn(context, 'sql');
    if (sql === undefined || sql.trim() === '')
      return answer(context, err(failure('query', 'there is no SQL in this question')));
    if (sql.length > longestSql)
      return answer(context, err(failure('query', `the question is longer than ${longestSql} characters`)));
    return answer(
      context,
      await asker.ask({ about: 'sql', run: context.req.param('run'), sql }, context.req.raw.signal),
    );
  });
}

const unknownRun = err(failure('run-unknown', 'that is no name of a run'));
