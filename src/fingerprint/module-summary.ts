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

type Building = {
  readonly declarations: Declaration[];
  readonly imports: Record<string, { from: string; name: string }>;
  readonly effects: string[];
  readonly exports: Record<string, string>;
  readonly passedOn: Record<string, { from: string; name: string }>;
  readonly star: string[];
};

/** Reads a module's source (JavaScript) into its summary. Throws a SyntaxError where it is not a module. */
export function summarise(source: string): ModuleSummary {
  const options = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true } as const;
  const program = parse(source, options) as unknown as SyntaxNode;
  const summary: Building = { declarations: [], imports: {}, effects: [], exports: {}, passedOn: {}, star: [] };
  for (const statement of program['body'] as SyntaxNode[]) addStatement(summary, statement);
  return summary;
}

function addStatement(summary: Building, statement: SyntaxNode): void {
  const from = isNode(statement['source']) ? String(statement['source']['value']) : '';
  switch (statement.type) {
    case 'ImportDeclaration':
      addImport(summary, statement, from);
      break;
    case 'ExportAllDeclaration':
      if (isNode(statement['exported'])) summary.passedOn[nameOf(statement['exported'])] = { from, name: '*' };
      else summary.star.push(from);
      break;
    case 'ExportNamedDeclaration':
      addExport(summary, statement, from);
      break;
    case 'ExportDefaultDeclaration':
      summary.declarations.push({ ...declarationOf(statement['declaration'] as SyntaxNode), names: ['default'] });
      summary.exports['default'] = 'default';
      break;
    default:
      summary.declarations.push(declarationOf(statement));
  }
}

function addImport(summary: Building, statement: SyntaxNode, from: string): void {
  const specifiers = statement['specifiers'] as SyntaxNode[];
  if (specifiers.length === 0) summary.effects.push(from);
  for (const specifier of specifiers) {
    summary.imports[nameOf(specifier['local'])] = { from, name: importedName(specifier) };
  }
}

function addExport(summary: Building, statement: SyntaxNode, from: string): void {
  for (const specifier of statement['specifiers'] as SyntaxNode[]) {
    const exported = nameOf(specifier['exported']);
    const local = nameOf(specifier['local']);
    if (from === '') summary.exports[exported] = local;
    else summary.passedOn[exported] = { from, name: local };
  }
  if (!isNode(statement['declaration'])) return;
  const declaration = declarationOf(statement['declaration']);
  summary.declarations.push(declaration);
  for (const name of declaration.names) summary.exports[name] = name;
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
