import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { failure } from '../errors/failure.ts';
import { journalFile } from '../events/journal.ts';
import { type KnownRuns, listRuns } from '../history/run-list.ts';
import { isDigest } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { err, ok } from '../util/result.ts';
import { isUlid } from '../util/ulid.ts';
import { answer } from './answer.ts';
import { addArtifactRoutes } from './artifact-routes.ts';
import { textIn } from './body.ts';
import { cancelJob, runAgain, stopRun } from './control.ts';
import { curveOf } from './curves.ts';
import { logOfJob } from './job-log.ts';
import { addQuestionRoutes } from './question-routes.ts';
import { partViews, recordView } from './record-view.ts';
import { artifactsOfRun } from './run-artifacts.ts';
import { drawRun } from './run-drawing.ts';
import { runBatches } from './run-events.ts';

/** Milliseconds: a line that says nothing, so that both ends notice where the other is gone. */
const heartbeat = 15_000;
/** Milliseconds in which a new run must tell of itself. */
const beginWithin = 30_000;
/** Curves that one request may ask for. */
const mostCurves = 64;

const noRun = failure('run-unknown', 'there is no such run in this store, or not any more');

/** What the page asks for: JSON, and events as a stream. Everything it names is looked for in this store only. */
export function createApi(store: Store): Hono {
  const api = new Hono();
  addRunRoutes(api, store);
  addJobRoutes(api, store);
  addArtifactRoutes(api, store);
  addQuestionRoutes(api, store);
  addActions(api, store);
  return api;
}

function addRunRoutes(api: Hono, store: Store): void {
  const known: KnownRuns = new Map();
  api.get('/runs', (context) =>
    context.json({ store: store.layout.root, runs: listRuns(store, Number.POSITIVE_INFINITY, undefined, known) }),
  );
  // A run of this store, and no path to anything else.
  const checkRun = async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const run = context.req.param('run') ?? '';
    if (!isUlid(run) || !existsSync(join(store.layout.run(run), journalFile))) return context.json(noRun, 404);
    await next();
    return undefined;
  };
  api.use('/runs/:run', checkRun);
  api.use('/runs/:run/*', checkRun);
  api.get('/runs/:run', (context) => context.json({ run: context.req.param('run') }));
  api.get('/runs/:run/events', (context) => {
    const run = context.req.param('run');
    return streamSSE(context, async (stream) => {
      const stop = new AbortController();
      stream.onAbort(() => stop.abort());
      for await (const batch of runBatches(store, run, stop.signal, heartbeat)) {
        if (batch.length === 0) await stream.write(':\n\n');
        else await stream.writeSSE({ data: JSON.stringify(batch) });
      }
      await stream.writeSSE({ event: 'end', data: '' });
    });
  });
  api.get('/runs/:run/artifacts', (context) => context.json(artifactsOfRun(store, context.req.param('run'))));
  api.get('/runs/:run/graph', (context) => context.json(drawRun(store, context.req.param('run'))));
}

function addJobRoutes(api: Hono, store: Store): void {
  api.get('/runs/:run/log', (context) => {
    const { job = '', fingerprint = '', from } = context.req.query();
    const cached = context.req.query('cached') !== undefined;
    const position = from === undefined ? undefined : Number.parseInt(from, 10);
    const start = position !== undefined && position >= 0 ? position : undefined;
    return context.json(logOfJob(store, context.req.param('run'), { job, fingerprint, cached }, start));
  });
  api.use('/records/:fingerprint/*', checkFingerprint);
  api.use('/records/:fingerprint', checkFingerprint);
  api.get('/records/:fingerprint', (context) => {
    const view = recordView(store, context.req.param('fingerprint'));
    return view === undefined ? context.notFound() : context.json(view);
  });
  api.get('/records/:fingerprint/parts', (context) =>
    context.json(partViews(store, context.req.query('stage') ?? '', context.req.param('fingerprint'))),
  );
  api.get('/curves', (context) => {
    const asked = (context.req.query('of') ?? '').split(',').filter(isDigest).slice(0, mostCurves);
    return context.json(asked.flatMap((fingerprint) => curveOf(store, fingerprint) ?? []));
  });
}

async function checkFingerprint(context: Context, next: () => Promise<void>): Promise<Response | undefined> {
  if (!isDigest(context.req.param('fingerprint') ?? '')) return context.notFound() as Response;
  await next();
  return undefined;
}

function addActions(api: Hono, store: Store): void {
  api.post('/runs/:run/stop', async (context) => {
    const how = await textIn(context, 'how');
    if (how !== 'soon' && how !== 'now') return answer(context, err(failure('stop-how', 'say how: soon or now')));
    return answer(context, stopRun(store, context.req.param('run'), how));
  });
  api.post('/runs/:run/cancel', async (context) =>
    answer(context, cancelJob(store, context.req.param('run'), (await textIn(context, 'job')) ?? '')),
  );
  api.post('/runs/:run/again', async (context) => {
    const began = await runAgain(store, context.req.param('run'), AbortSignal.timeout(beginWithin));
    return answer(context, began.ok ? ok({ run: began.value }) : began);
  });
}
