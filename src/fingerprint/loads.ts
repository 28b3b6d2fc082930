import { everyNode, isImportMeta, isNode, literalText, propertyName, type SyntaxNode, withoutChain } from './syntax.ts';

/** A module or file that running code asks for by a name that stands in the source. */
export interface Load {
  /** `import` and `require` resolve as Node does for them; `file` is relative to the module. */
  readonly how: 'import' | 'require' | 'file';
  readonly from: string;
  /** Exports that are taken; `*` for all of them. */
  readonly names: readonly string[];
  /** Asked for from another place than this module: found there, if at all. */
  readonly elsewhere?: true;
}

export interface Loads {
  readonly loads: readonly Load[];
  /** Source of the calls whose module only the running program knows. */
  readonly unknown: readonly string[];
}

/** Names by which a module makes and calls `require`. */
export interface RequireNames {
  /** Local names of `createRequire` of node:module. */
  readonly makers: ReadonlySet<string>;
  /** Names that hold a `require`; whether it starts from this module or from another place. */
  readonly requires: ReadonlyMap<string, 'here' | 'elsewhere'>;
}

/** Finds the names that hold a `require` in a module; `makers` are its local names of `createRequire`. */
export function requireNames(program: SyntaxNode, makers: ReadonlySet<string>): RequireNames {
  const requires = new Map<string, 'here' | 'elsewhere'>([['require', 'here']]);
  for (const node of everyNode(program)) {
    if (node.type !== 'VariableDeclarator' || !isNode(node['id']) || node['id'].type !== 'Identifier') continue;
    const place = madeRequire(node['init'], makers);
    if (place !== undefined) requires.set(String(node['id']['name']), place);
  }
  return { makers, requires };
}

/** Where a call of `createRequire` starts from. */
function madeRequire(node: unknown, makers: ReadonlySet<string>): 'here' | 'elsewhere' | undefined {
  const call = withoutChain(node);
  if (call?.type !== 'CallExpression') return undefined;
  const callee = withoutChain(call['callee']);
  const made =
    callee?.type === 'Identifier'
      ? makers.has(String(callee['name']))
      : callee?.type === 'MemberExpression' && propertyName(callee) === 'createRequire';
  if (!made) return undefined;
  const [from] = call['arguments'] as SyntaxNode[];
  const here = isImportMeta(from, 'url') || isImportMeta(from, 'filename') || from?.['name'] === '__filename';
  return here ? 'here' : 'elsewhere';
}

/** All modules and files that a piece of code asks for while it runs; `source` is the module's text. */
export function loadsOf(root: SyntaxNode, source: string, names: RequireNames): Loads {
  const nodes = everyNode(root);
  const taken = takenNames(nodes);
  const loads: Load[] = [];
  const unknown: string[] = [];
  for (const node of nodes) {
    const asked = askedFor(node, names);
    if (asked === undefined) continue;
    const literals = literalTexts(asked.specifier);
    // A relative name that is resolved from another place says nothing about which file it is.
    if (literals === undefined || (asked.elsewhere && literals.some((text) => /^[./#]/.test(text))))
      unknown.push(excerpt(source, node));
    else {
      const place = asked.elsewhere === true ? ({ elsewhere: true } as const) : {};
      for (const from of literals) loads.push({ how: asked.how, from, names: taken.get(node) ?? ['*'], ...place });
    }
  }
  return { loads, unknown };
}

interface Asked {
  readonly how: Load['how'];
  readonly specifier: unknown;
  readonly elsewhere?: boolean;
}

function askedFor(node: SyntaxNode, names: RequireNames): Asked | undefined {
  if (node.type === 'ImportExpression') return { how: 'import', specifier: node['source'] };
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const callee = withoutChain(node['callee']);
  const [first, second] = node['arguments'] as SyntaxNode[];
  if (node.type === 'NewExpression') {
    const url = callee?.['name'] === 'URL' && isImportMeta(second, 'url');
    return url ? { how: 'file', specifier: first } : undefined;
  }
  if (isImportMeta(callee, 'resolve')) return { how: 'import', specifier: first };
  const asker =
    callee?.type === 'MemberExpression' && propertyName(callee) === 'resolve' ? withoutChain(callee['object']) : callee;
  const place =
    asker?.type === 'Identifier' ? names.requires.get(String(asker['name'])) : madeRequire(asker, names.makers);
  return place === undefined ? undefined : { how: 'require', specifier: first, elsewhere: place === 'elsewhere' };
}

/** The texts that an expression can come to, where the source tells them: a literal, or a choice of literals. */
function literalTexts(node: unknown): string[] | undefined {
  const text = literalText(node);
  if (text !== undefined) return [text];
  if (!isNode(node) || node.type !== 'ConditionalExpression') return undefined;
  const [yes, no] = [literalTexts(node['consequent']), literalTexts(node['alternate'])];
  return yes === undefined || no === undefined ? undefined : [...yes, ...no];
}

/** For `const {a, b} = await import(…)` and `(await import(…)).a`: the exports that are taken, by the import's node. */
function takenNames(nodes: readonly SyntaxNode[]): Map<SyntaxNode, string[]> {
  const taken = new Map<SyntaxNode, string[]>();
  for (const node of nodes) {
    const pattern = node.type === 'VariableDeclarator' ? node['id'] : undefined;
    const imported = awaitedImport(pattern === undefined ? node['object'] : node['init']);
    if (imported === undefined) continue;
    const names = node.type === 'MemberExpression' ? [propertyName(node)] : patternNames(pattern);
    if (names.every((name) => name !== undefined)) taken.set(imported, names);
  }
  return taken;
}

function awaitedImport(node: unknown): SyntaxNode | undefined {
  const awaited = withoutChain(node);
  if (awaited?.type !== 'AwaitExpression' || !isNode(awaited['argument'])) return undefined;
  return awaited['argument'].type === 'ImportExpression' ? awaited['argument'] : undefined;
}

function patternNames(pattern: unknown): (string | undefined)[] {
  if (!isNode(pattern) || pattern.type !== 'ObjectPattern') return ['*'];
  return (pattern['properties'] as SyntaxNode[]).map((property) =>
    property.type === 'RestElement' ? '*' : propertyName(property),
  );
}

function excerpt(source: string, { start, end }: SyntaxNode): string {
  const text = source.slice(Number(start), Number(end)).replace(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
