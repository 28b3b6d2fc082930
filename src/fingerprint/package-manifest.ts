/** What a package.json says that matters for the code closure, as plain data. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** Packages that must be there. */
  readonly required: readonly string[];
  /** Packages that count where they are installed. */
  readonly optional: readonly string[];
  /** It is for some systems only: which ones are installed says where this machine stands, not what the code does. */
  readonly platform: boolean;
  /** Loading one of its modules may do something, whether or not its names are used. */
  readonly effects: boolean;
  /** `imports` and `exports` of the user's own packages: how names in them are resolved. */
  readonly imports?: unknown;
  readonly exports?: unknown;
}

type Names = Readonly<Record<string, unknown>>;

/** Reads a package.json; what is not there or not JSON leaves its fields empty. */
export function manifestOf(text: string, file: string): Manifest {
  const content = parsed(text);
  const optional = [...keys(content['optionalDependencies']), ...keys(content['peerDependencies'])];
  const { name, version, sideEffects, imports, exports, os, cpu } = content;
  const own = !/[\\/]node_modules[\\/]/.test(file);
  return {
    name: typeof name === 'string' ? name : '',
    version: typeof version === 'string' ? version : '',
    required: keys(content['dependencies']).filter((dependency) => !optional.includes(dependency)),
    optional: [...new Set(optional)],
    platform: os !== undefined || cpu !== undefined,
    // A list names files that have effects; the package's entry may load them, so a list is not "none".
    effects: !(sideEffects === false || (Array.isArray(sideEffects) && sideEffects.length === 0)),
    ...(own && imports !== undefined ? { imports } : {}),
    ...(own && exports !== undefined ? { exports } : {}),
  };
}

function parsed(text: string): Names {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? (content as Names) : {};
  } catch {
    return {};
  }
}

function keys(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** What a package's `imports` or `exports` field gives for a name; undefined where it gives nothing. After Node's "PACKAGE_IMPORTS_EXPORTS_RESOLVE". */
export function mappedTarget(field: unknown, name: string, how: 'import' | 'require'): string | undefined {
  const map = subpaths(field);
  const exact = Object.hasOwn(map, name) && !name.includes('*') ? chosen(map[name], how) : undefined;
  if (exact !== undefined) return exact;
  const patterns = Object.keys(map).filter((pattern) => {
    const [before, after] = pattern.split('*');
    return after !== undefined && name.startsWith(before ?? '') && name.endsWith(after);
  });
  const best = patterns.sort((left, right) => right.indexOf('*') - left.indexOf('*'))[0];
  if (best === undefined) return undefined;
  const [before = '', after = ''] = best.split('*');
  const star = name.slice(before.length, name.length - after.length);
  return chosen(map[best], how)?.replaceAll('*', () => star);
}

/** `exports` may be one target, or conditions, for the package's own name alone. */
function subpaths(field: unknown): Names {
  const isMap = typeof field === 'object' && field !== null && !Array.isArray(field);
  if (isMap && Object.keys(field).every((key) => /^[.#]/.test(key))) return field as Names;
  return { '.': field };
}

function chosen(target: unknown, how: 'import' | 'require'): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  const conditions = Array.isArray(target)
    ? target.map((item): [string, unknown] => ['default', item])
    : Object.entries(target);
  for (const [condition, value] of conditions) {
    const found = ['default', 'node', 'module-sync', how].includes(condition) ? chosen(value, how) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
