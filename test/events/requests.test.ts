import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askRun, listenForRequests } from '../../src/events/requests.ts';

const folderOf = (): string => mkdtempSync(join(tmpdir(), 'requests-'));

test('a run hears what is asked of it, once, in order, also what was asked before it listened', async () => {
  const folder = folderOf();
  const heard: string[] = [];
  askRun(folder, { cancel: 'first' });
  const end = listenForRequests(folder, ({ cancel }) => heard.push(cancel));
  await expect.poll(() => heard).toEqual(['first']);
  askRun(folder, { cancel: 'sécond\n' });
  askRun(folder, { cancel: 'third' });
  await expect.poll(() => heard).toEqual(['first', 'sécond\n', 'third']);
  end();
});

test('a line that is not whole yet waits; what is no request is passed over', async () => {
  const folder = folderOf();
  const heard: string[] = [];
  const end = listenForRequests(folder, ({ cancel }) => heard.push(cancel));
  const write = (text: string): void => appendFileSync(join(folder, 'requests.jsonl'), text);
  write('null\n[]\n{"cancel":1}\nnonsense\n{"cancel":"wh');
  askRun(folderOf(), { cancel: 'of another run' });
  write('ole"}\n');
  await expect.poll(() => heard).toEqual(['whole']);
  end();
});

test('a run that is not there any more cannot be asked', () => {
  expect(askRun(join(folderOf(), 'gone'), { cancel: 'x' })).toMatchObject({ ok: false });
});
