import { spawn } from 'node:child_process';
import querystring from 'node:querystring';
import { failure } from '../errors/failure.ts';
import type { RunEvent } from '../events/event.ts';
import { err, ok, type Result } from '../util/result.ts';

/** What a notification tells of a run that ended. */
export interface Notification {
  readonly schema: 'pipe.notification/1';
  readonly run: string;
  readonly pipeline: string;
  readonly profile: string;
  readonly status: 'done' | 'failed' | 'interrupted';
  readonly seconds: number;
  readonly jobsRun: number;
  readonly jobsCached: number;
  readonly failures: readonly { readonly job: string; readonly message: string }[];
  /** Best score by stage instance. */
  readonly scores: Readonly<Record<string, number>>;
  readonly reports: readonly string[];
  readonly host: string;
}

/** Takes the events of a run for its notification. */
export function createNotification(): {
  onEvent(event: RunEvent): void;
  made(reports: readonly string[]): Notification | undefined;
  /** Whether something ran or failed: a run that took all from the store is no news. */
  isNews(): boolean;
} {
  let started: Extract<RunEvent, { type: 'run-started' }> | undefined;
  let finished: Extract<RunEvent, { type: 'run-finished' }> | undefined;
  const failures: { job: string; message: string }[] = [];
  const failedStages = new Set<string>();
  const scores: Record<string, number> = {};
  return {
    onEvent: (event) => {
      if (event.type === 'run-started') started = event;
      if (event.type === 'run-finished') finished = event;
      if (event.type === 'job-failed') {
        failures.push({ job: event.job, message: event.failure.message });
        failedStages.add(event.stage);
      }
      // A stage can fail before it has a job: its data is not there.
      if (event.type === 'stage-finished' && event.status === 'failed' && !failedStages.has(event.stage))
        failures.push({ job: event.stage, message: event.failure?.message ?? event.reason ?? 'it failed' });
      // A stage's own job has the last word: of a search the best mean over the folds.
      if (event.type === 'job-finished' && event.job === event.stage && event.score !== undefined)
        scores[event.stage] = event.score;
    },
    isNews: () => finished !== undefined && (finished.jobsRun > 0 || finished.status === 'failed'),
    made: (reports) => {
      if (started === undefined || finished === undefined) return undefined;
      const { run, pipeline, profile, host } = started;
      const { status, seconds, jobsRun, jobsCached } = finished;
      const counts = { status, seconds, jobsRun, jobsCached };
      return { schema: 'pipe.notification/1', run, pipeline, profile, ...counts, failures, scores, reports, host };
    },
  };
}

/** Milliseconds that a web server, and a command, may take. */
const serverPatience = 10_000;
const commandPatience = 60_000;

/**
 * Sends a notification: an http or https address gets it as JSON by POST, with one more try; anything else is a command line for
 * the shell, with the JSON on its standard input. It comes from whoever starts the run, never from the pipeline's file.
 */
export async function notify(target: string, notification: Notification): Promise<Result<void>> {
  if (!/^https?:\/\//i.test(target)) return runCommandLine(target, notification);
  const server = serverOf(target);
  if (!server.ok) return server;
  const first = await post(server.value, notification);
  return first.ok ? first : post(server.value, notification);
}

interface Server {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A name and a password in an address go into a header, as curl does it: `fetch` refuses the address, and repeats it in its message. */
function serverOf(target: string): Result<Server> {
  if (!URL.canParse(target)) {
    const hint = 'it looks like https://host/path; what does not start with http:// or https:// is a command line';
    return err(failure('notify', 'the notification could not be sent: its web address is none', { hint }));
  }
  const address = new URL(target);
  const login = `${querystring.unescape(address.username)}:${querystring.unescape(address.password)}`;
  address.username = '';
  address.password = '';
  const headers = login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return ok({ address: address.href, headers });
}

async function post({ address, headers }: Server, notification: Notification): Promise<Result<void>> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(notification),
      signal: AbortSignal.timeout(serverPatience),
      redirect: 'error',
    });
    await answer.body?.cancel();
    return answer.ok
      ? ok()
      : err(failure('notify', `the notification was refused: ${answer.status} ${answer.statusText}`));
  } catch (problem) {
    const { message, cause } = problem as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    return err(failure('notify', `the notification could not be sent: ${why}`));
  }
}

function runCommandLine(command: string, notification: Notification): Promise<Result<void>> {
  return new Promise((resolve) => {
    const { run, status, pipeline } = notification;
    const child = spawn('/bin/sh', ['-c', command], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: { ...process.env, PIPE_RUN: run, PIPE_STATUS: status, PIPE_PIPELINE: pipeline },
      detached: true,
    });
    const timer = setTimeout(() => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended in this moment.
      }
    }, commandPatience);
    child.on('error', (problem) => {
      clearTimeout(timer);
      resolve(err(failure('notify', `the notification's command could not be started: ${problem.message}`)));
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      resolve(code === 0 ? ok() : err(failure('notify', `the notification's command ${how}`)));
    });
    // A command that does not read its input closes it.
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(notification)}\n`);
  });
}
