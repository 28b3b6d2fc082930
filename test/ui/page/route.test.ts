import { expect, test } from 'vitest';
import { addressOf, parseRoute, type Route } from '../../../src/ui/page/route.ts';

const run = '01M85WB074G3NCKWCE57C5V1CJ';
const digest = 'ab'.repeat(32);

test.each<Route>([
  { view: 'runs' },
  { view: 'run', run },
  { view: 'run', run, stage: 'search[a&b=c#d?]', job: 'search[a&b=c#d?] fold 1/2 x=é/%2f' },
  { view: 'compare', before: run, after: run },
  { view: 'artifacts', run },
  { view: 'artifact', digest },
  { view: 'artifact', digest, run, name: 'fit[a/b].weights' },
])('an address leads back to what it is of: %j', (route) => {
  expect(parseRoute(addressOf(route))).toEqual(route);
});

test.each(['', '#', '#/', '#/nothing', '#/runs', '#/runs/', '#/compare/x', '#//', '#/artifacts/'])(
  'what is no address of a view is the list of runs: %j',
  (hash) => {
    expect(parseRoute(hash)).toEqual({ view: 'runs' });
  },
);
