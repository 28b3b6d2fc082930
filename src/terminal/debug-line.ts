import type { RunEvent } from '../events/event.ts';
import { duration } from './format.ts';

/** What `--log-level debug` tells of an event beside what is always told. */
export function debugLine(event: RunEvent): string[] {
  switch (event.type) {
    case 'job-started': {
      const attempt = event.attempt === 1 ? '' : `, attempt ${event.attempt}`;
      const gpu = event.gpu === undefined ? '' : `, ${event.gpu}`;
      const expected = event.expected === undefined ? '' : `, expected ${duration(event.expected)}`;
      return [
        `${event.job}: starts on worker ${event.worker} after ${duration(event.waited)}${gpu}${attempt}${expected}`,
      ];
    }
    case 'job-log':
      return event.lines.map((line) => `${event.job} | ${line}`);
    case 'job-waiting':
      return [`${event.job}: run ${event.run} (process ${event.pid} on ${event.host}) is at it`];
    case 'worker-started':
      return [
        `worker ${event.worker}: started, process ${event.pid}${event.gpu === undefined ? '' : `, ${event.gpu}`}`,
      ];
    case 'worker-ended':
      return [`worker ${event.worker}: ${event.reason}${event.detail === undefined ? '' : `, ${event.detail}`}`];
    default:
      return [];
  }
}
