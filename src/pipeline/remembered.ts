import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StageCode } from '../fingerprint/stage-code.ts';
import { type LoadedKind, loadKind } from '../stage/registry.ts';
import type { Result } from '../util/result.ts';
import { sha256 } from '../util/sha256.ts';
import type { LoadOptions } from './load.ts';
import type { Pipeline, StageInstance } from './pipeline.ts';
import { projectAbove } from './project.ts';

/** A pipeline as it was loaded once, with all that its loading depended on. Plain data. */
interface Remembered {
  readonly text: string;
  readonly paramsText: string | null;
  /** Digest of pipe's own code that loads pipelines: another version may see another thing in the same text. */
  readonly loader: string;
  readonly env: Readonly<Record<string, string | null>>;
  /** Code digests of the stage kinds by `uses`: their schemas and checks decide what a pipeline may say. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly pipeline: Omit<Pipeline, 'instances'> & {
    readonly instances: readonly (Omit<StageInstance, 'loaded'> & { readonly uses: string })[];
  };
}

type CodeOf = (loaded: LoadedKind) => Result<StageCode>;

/** The name under which a pipeline with these options is remembered. */
export function memoName(file: string, options: LoadOptions): string {
  const { profile = null, paramsFile = null, set = [] } = options;
  // The working folder too: places in messages are relative to it.
  return sha256(JSON.stringify([resolve(file), process.cwd(), profile, paramsFile, set]));
}

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const loader: LoadedKind = {
  kind: {} as never,
  module: fileURLToPath(new URL(`./load${extension}`, import.meta.url)),
  uses: '',
};

/**
 * A pipeline that was loaded before, where nothing that its loading depended on has changed: its text, the params, the
 * declared environment, the code of pipe and of the kinds. Parsing and checking ten thousand stages takes seconds;
 * this does not. Undefined: it has to be loaded.
 */
export async function recall(
  memo: string,
  file: string,
  options: LoadOptions,
  code: CodeOf,
): Promise<Pipeline | undefined> {
  let remembered: Remembered;
  try {
    remembered = JSON.parse(readFileSync(memo, 'utf8')) as Remembered;
    if (remembered.text !== sha256(readFileSync(file, 'utf8'))) return undefined;
    if (remembered.paramsText !== paramsDigest(options)) return undefined;
    if (remembered.loader !== digestOf(code(loader))) return undefined;
    const { env } = remembered;
    if (remembered.pipeline.root !== projectAbove(dirname(resolve(file)))) return undefined;
    if (Object.keys(env).some((name) => (options.env[name] ?? null) !== env[name])) return undefined;
    const kinds = new Map<string, LoadedKind>();
    for (const [uses, wanted] of Object.entries(remembered.kinds)) {
      const loaded = await loadKind(uses, file);
      if (!loaded.ok || digestOf(code(loaded.value)) !== wanted) return undefined;
      kinds.set(uses, loaded.value);
    }
    const { instances, ...rest } = remembered.pipeline;
    const withKinds = instances.map(({ uses, ...instance }) => ({
      ...instance,
      loaded: kinds.get(uses) as LoadedKind,
    }));
    return { ...rest, profile: options.profile, instances: withKinds };
  } catch {
    // Nothing is remembered, or it is damaged: it is a memory aid only.
    return undefined;
  }
}

/** What `recall` needs the next time, as text; undefined where the code of a kind cannot be read. */
export function rememberable(file: string, options: LoadOptions, pipeline: Pipeline, code: CodeOf): string | undefined {
  const kinds: Record<string, string> = {};
  for (const { loaded } of pipeline.instances) {
    const found = digestOf(code(loaded));
    if (found === undefined) return undefined;
    kinds[loaded.uses] = found;
  }
  const ownCode = digestOf(code(loader));
  if (ownCode === undefined) return undefined;
  const { instances, ...rest } = pipeline;
  const remembered: Remembered = {
    text: sha256(readFileSync(file, 'utf8')),
    paramsText: paramsDigest(options),
    loader: ownCode,
    env: Object.fromEntries(pipeline.declaredEnv.map((name) => [name, options.env[name] ?? null])),
    kinds,
    pipeline: {
      ...rest,
      instances: instances.map(({ loaded, ...instance }) => ({ ...instance, uses: loaded.uses })),
    },
  };
  return JSON.stringify(remembered);
}

function paramsDigest({ paramsFile }: LoadOptions): string | null {
  return paramsFile === undefined ? null : sha256(readFileSync(paramsFile, 'utf8'));
}

function digestOf(code: Result<StageCode>): string | undefined {
  return code.ok ? code.value.digest : undefined;
}
