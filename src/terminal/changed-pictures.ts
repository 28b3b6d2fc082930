import type { Artifact } from '../artifact/reader.ts';
import type { OutputDiff } from '../diff/run-diff.ts';
import { pictureLines } from './picture.ts';

/** The sample that changed most: before, after, and how they differ, side by side; nothing for what are no pictures. */
export function changedPictures(
  { diff, type }: OutputDiff,
  { before, after }: { readonly before: Artifact; readonly after: Artifact },
  withColours: boolean,
): string[] {
  const facts = diff?.meaning?.facts['images'] as { readonly worst: readonly { readonly id: number }[] } | undefined;
  const id = facts?.worst[0]?.id;
  if (type !== 'samples' || id === undefined || before.metadata['features'] !== undefined) return [];
  const [one, other] = [before, after].map((artifact) => {
    const view = artifact.tensor('image');
    const values = view.row(Array.from(artifact.numbers('id')).indexOf(id));
    const most = view.type === 'uint8' ? 255 : Math.max(1e-9, ...values);
    return { shape: view.shape, values: Array.from(values, (value) => value / most) };
  });
  const [height = 0, width = 0] = one?.shape ?? [];
  if (one === undefined || other === undefined || height < 2 || height > 64 || width > 40) return [];
  const difference = one.values.map((value, at) => Math.abs(value - (other.values[at] ?? 0)));
  const pictures = [one.values, other.values, difference].map((values) => ({ height, width, values }));
  const names = [`id ${id} before`, 'after', 'difference']
    .map((name) => name.padEnd(width + 2))
    .join('')
    .trimEnd();
  return [names, ...pictureLines(pictures, withColours)];
}
