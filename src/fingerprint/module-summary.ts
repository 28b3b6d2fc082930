import { createHash } from 'node:crypto';
import * as nodeModule from 'node:module';
import { parse } from 'acorn';
import { normalForm } from './normal-form.ts';
import { boundNames, children, declaredNames, isNode, type SyntaxNode } from './syntax.ts';

/** One top-level declaration (or a statement without a name) of a module. */
export interface Declaration {
  readonly names: readonly string[];
  /** SHA-256 of its normal form. */
  readonly digest: string;
  /** Names that it uses and does not declare. */
  readonly uses: readonly string[];
  /** Modules that it imports dynamically, by a literal name. */
  readonly dynamicImports: readonly string[];
  /** Runs when the module is loaded, whether somebody uses its names or not. */
  readonly effect: boolean;
}

/** What a module declares, imports and exports: all that the code closure needs to know, as plain data. */
export interface ModuleSummary {
  readonly declarations: readonly Declaration[];
  /** Local name → where it is imported from; name `*` is the whole module. */
  readonly imports: Readonly<Record<string, { readonly from: string; readonly name: string }>>;
  /** Modules imported for their effects alone. */
  readonly effects: readonly string[];
  /** Exported name → local name. */
  readonly exports: Readonly<Record<string, string>>;
  /** Exported name → where it is passed on from. */
  readonly passedOn: Readonly<Record<string, { readonly from: string; readonly name: string }>>;
  /** Modules all of whose exports are passed on. */
  readonly star: readonly string[];
}

/** Removes TypeScript's types, where this Node can; undefined where it cannot. */
export function eraseTypes(source: string): string | undefined {
  const strip = (nodeModule as { stripTypeScriptTypes?: (code: string) => string }).stripTypeScriptTypes;
  return strip?.(source);
}

/** Reads a module's source (JavaScript) into its summary. Throws a SyntaxError where it is not a module. */
export function summarise(source: string): ModuleSummary {
  const program = parse(source, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowHashBang: true,
  }) as unknown as SyntaxNode;
  const declarations: Declaration[] = [];
  const imports: Record<string, { from: string; name: string }> = {};
  const exports: Record<string, string> = {};
  const passedOn: Record<string, { from: string; name: string }> = {};
  const effects: string[] = [];
  const star: string[] = [];
  for (const statement of program['body'] as SyntaxNode[]) {
    const from = isNode(statement['source']) ? String(statement['source']['value']) : undefined;
    const specifiers = (statement['specifiers'] as SyntaxNode[] | undefined) ?? [];
    if (statement.type === 'ImportDeclaration' && from !== undefined) {
      if (specifiers.length === 0) effects.push(from);
      for (const specifier of specifiers) imports[nameOf(specifier['local'])] = { from, name: importedName(specifier) };
    } else if (statement.type === 'ExportAllDeclaration' && from !== undefined) {
      if (isNode(statement['exported'])) passedOn[nameOf(statement['exported'])] = { from, name: '*' };
      else star.push(from);
    } else if (statement.type === 'ExportNamedDeclaration') {
      for (const specifier of specifiers) {
        if (from === undefined) exports[nameOf(specifier['exported'])] = nameOf(specifier['local']);
        else passedOn[nameOf(specifier['exported'])] = { from, name: nameOf(specifier['local']) };
      }
      if (isNode(statement['declaration'])) {
        const declaration = declarationOf(statement['declaration']);
        declarations.push(declaration);
        for (const name of declaration.names) exports[name] = name;
      }
    } else if (statement.type === 'ExportDefaultDeclaration') {
      declarations.push({ ...declarationOf(statement['declaration'] as SyntaxNode), names: ['default'] });
      exports['default'] = 'default';
    } else {
      declarations.push(declarationOf(statement));
    }
  }
  return { declarations, imports, effects, exports, passedOn, star };
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node['name'] ?? node['value']) : '';
}

function importedName(specifier: SyntaxNode): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier['imported']);
}

function declarationOf(statement: SyntaxNode): Declaration {
  const { text, free } = normalForm(statement);
  const names = statement.type === 'VariableDeclaration' ? declaredNames(statement) : boundNames(statement['id']);
  const passive =
    statement.type === 'FunctionDeclaration' ||
    statement.type === 'ClassDeclaration' ||
    statement.type === 'VariableDeclaration';
  return {
    names,
    digest: createHash('sha256').update(text).digest('hex'),
    uses: [...free].sort(),
    dynamicImports: dynamicImports(statement),
    effect: !passive || names.length === 0,
  };
}

function dynamicImports(node: SyntaxNode): string[] {
  const source = node.type === 'ImportExpression' ? node['source'] : undefined;
  const own = isNode(source) && source.type === 'Literal' ? [String(source['value'])] : [];
  return [...own, ...children(node).flatMap(dynamicImports)];
}
