import * as nodeModule from 'node:module';
import { parse } from 'acorn';
import { sha256 } from '../util/sha256.ts';
import { isBuiltIn } from './built-in-values.ts';
import { KnownNames, type ModuleNames, type StatementNames } from './known-names.ts';
import { type Loads, loadsOf, type RequireNames, requireNames } from './loads.ts';
import { type Export, type ImportedName, readLinks } from './module-links.ts';
import { normalForm } from './normal-form.ts';
import { PurityReader } from './purity.ts';
import {
  assignedNames,
  boundNames,
  declaredNames,
  hoistedNames,
  isFunction,
  isNode,
  type SyntaxNode,
} from './syntax.ts';

/** One top-level declaration (or a statement without a name) of a module. */
export interface Declaration extends Loads {
  readonly names: readonly string[];
  /** SHA-256 of its normal form. */
  readonly digest: string;
  /** Names that it uses and does not declare; `namespace.name` where only that of a namespace is used. */
  readonly uses: readonly string[];
  /** A function: it is there before anything runs, so its place in the module does not matter. */
  readonly hoisted: boolean;
  /**
   * What it does when the module is loaded, whether somebody uses its names or not: `always` something, or something
   * unless all functions named here are pure (an empty list: nothing).
   */
  readonly effect: 'always' | readonly string[];
  /** For a function or class: calling it is pure if calling these is. Left out where it is not, or cannot be known. */
  readonly pureIf?: readonly string[];
  /** A value that nobody can call. */
  readonly data: boolean;
}

/** What a module declares, imports and exports: all that the code closure needs to know, as plain data. */
export interface ModuleSummary {
  readonly declarations: readonly Declaration[];
  /** Local name → where it is imported from; name `*` is the whole module. */
  readonly imports: Readonly<Record<string, ImportedName>>;
  /** Modules that are loaded with this one, in order; `bare` for those imported for their effects alone. */
  readonly sources: readonly { readonly from: string; readonly bare: boolean }[];
  /** Exported name → local name. */
  readonly exports: Readonly<Record<string, string>>;
  /** Exported name → where it is passed on from. */
  readonly passedOn: Readonly<Record<string, ImportedName>>;
  /** Modules all of whose exports are passed on. */
  readonly star: readonly string[];
}

/** Removes TypeScript's types, where this Node can; undefined where it cannot. */
export function eraseTypes(source: string): string | undefined {
  const strip = (nodeModule as { stripTypeScriptTypes?: (code: string) => string }).stripTypeScriptTypes;
  return strip?.(source);
}

const parsing = { ecmaVersion: 'latest', allowHashBang: true, allowReturnOutsideFunction: true } as const;

/**
 * Reads a module's source (JavaScript) into its summary. A module without any `import` and `export` (CommonJS, or one
 * that is there for its effects) is one piece, and so are the names in it. Throws a SyntaxError where it is neither.
 */
export function summarise(source: string): ModuleSummary {
  const program = readProgram(source);
  const statements = program['body'] as SyntaxNode[];
  const isModule = statements.some(({ type }) => /^(Import|Export)\w*Declaration$/.test(type));
  if (!isModule) return wholeSummary(program, source);
  const links = readLinks(statements);
  const assigned = assignedNames(program);
  const module: ModuleNames = {
    imports: links.imports,
    declared: new Set([...links.declared.flatMap(topNames), ...statements.flatMap(hoistedNames)]),
    constants: new Map(links.declared.flatMap(({ node }) => constantsOf(node))),
  };
  const namespaces = Object.keys(links.imports).filter((name) => links.imports[name]?.name === '*');
  const reader: Reader = {
    source,
    module,
    assigned,
    namespaces: new Set(namespaces),
    requires: requireNames(program, new Set(requireMakers(links.imports))),
  };
  const { imports, sources, exports, passedOn, star } = links;
  const declarations = links.declared.flatMap((item) => (isEmpty(item.node) ? [] : [declarationOf(item, reader)]));
  return { declarations, imports, sources, exports, passedOn, star };
}

function readProgram(source: string): SyntaxNode {
  try {
    return parse(source, { ...parsing, sourceType: 'module' }) as unknown as SyntaxNode;
  } catch (problem) {
    try {
      return parse(source, { ...parsing, sourceType: 'script' }) as unknown as SyntaxNode;
    } catch {
      throw problem;
    }
  }
}

function wholeSummary(program: SyntaxNode, source: string): ModuleSummary {
  const { text } = normalForm(program, { keepNames: true });
  const makers = new Set(['createRequire']);
  const whole: Declaration = {
    names: [],
    digest: sha256(text),
    uses: [],
    hoisted: false,
    effect: 'always',
    data: false,
    ...loadsOf(program, source, requireNames(program, makers)),
  };
  return { declarations: [whole], imports: {}, sources: [], exports: {}, passedOn: {}, star: [] };
}

interface Reader {
  readonly source: string;
  readonly module: ModuleNames;
  /** Names that some code of the module sets. */
  readonly assigned: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  readonly requires: RequireNames;
}

function isEmpty(node: SyntaxNode): boolean {
  return node.type === 'EmptyStatement' || (node.type === 'ExpressionStatement' && node['directive'] !== undefined);
}

function requireMakers(imports: Readonly<Record<string, ImportedName>>): string[] {
  return Object.keys(imports).filter((name) => imports[name]?.name === 'createRequire');
}

/** Names that a top-level statement declares. */
function topNames({ node, exported }: Export): string[] {
  const own = node.type === 'VariableDeclaration' ? declaredNames(node) : boundNames(node['id']);
  const declares = /Declaration$/.test(node.type);
  return [...(exported === undefined ? [] : [exported]), ...(declares ? own : [])];
}

function constantsOf(node: SyntaxNode): [string, SyntaxNode][] {
  if (node.type !== 'VariableDeclaration' || node['kind'] !== 'const') return [];
  return (node['declarations'] as SyntaxNode[]).flatMap(({ id, init }): [string, SyntaxNode][] =>
    isNode(id) && id.type === 'Identifier' && isNode(init) ? [[String(id['name']), init]] : [],
  );
}

function declarationOf(item: Export, reader: Reader): Declaration {
  const { node } = item;
  const form = normalForm(node, { namespaces: reader.namespaces });
  const names = topNames(item);
  const known = new KnownNames(node, form, reader.module);
  const purity = new PurityReader(known);
  const value = namedValue(node);
  const fixed = value !== undefined && !names.some((name) => reader.assigned.has(name));
  const callable = fixed && (isFunction(value) || /^Class/.test(value.type));
  const pureIf = callable ? purity.ofCalling(value) : undefined;
  return {
    names,
    digest: sha256(form.text),
    uses: usesOf(form, reader.module),
    hoisted: node.type === 'FunctionDeclaration',
    effect: isSetVar(node) ? 'always' : (purity.ofRunning(node) ?? 'always'),
    ...(pureIf === undefined ? {} : { pureIf }),
    data: fixed && (value.type === 'ObjectExpression' || value.type === 'Literal' || isBuiltIn(value, known)),
    ...loadsOf(node, reader.source, reader.requires),
  };
}

/** Code that calls `eval` can use every name of its module. */
function usesOf(form: StatementNames & { readonly uses: ReadonlySet<string> }, module: ModuleNames): string[] {
  const all = form.free.has('eval') ? [...module.declared, ...Object.keys(module.imports)] : [];
  const own = (use: string) => {
    const name = use.split('.', 1)[0] ?? use;
    return module.declared.has(name) || name in module.imports;
  };
  return [...new Set([...form.uses, ...all])].filter(own).sort();
}

/** What the one name of a declaration stands for. */
function namedValue(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type !== 'VariableDeclaration') return /Statement$/.test(node.type) ? undefined : node;
  const [first, ...others] = constantsOf(node);
  return others.length === 0 ? first?.[1] : undefined;
}

/** A `var` can be read before it is set, so its place matters as that of a statement does. */
function isSetVar(node: SyntaxNode): boolean {
  const isVar = node.type === 'VariableDeclaration' && node['kind'] === 'var';
  return isVar && (node['declarations'] as SyntaxNode[]).some(({ init }) => isNode(init));
}
