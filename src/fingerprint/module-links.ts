import { boundNames, declaredNames, isNode, type SyntaxNode } from './syntax.ts';

export interface ImportedName {
  readonly from: string;
  /** `*` is the whole module. */
  readonly name: string;
}

/** A top-level statement without its `export`. */
export interface Export {
  readonly node: SyntaxNode;
  /** `default` for what stands behind `export default`. */
  readonly exported?: string;
}

/** What a module's import and export statements say, and its other statements in order. */
export interface ModuleLinks {
  readonly imports: Record<string, ImportedName>;
  readonly sources: { from: string; bare: boolean }[];
  readonly exports: Record<string, string>;
  readonly passedOn: Record<string, ImportedName>;
  readonly star: string[];
  readonly declared: Export[];
}

/** A record in which `constructor` and `__proto__` are names like any other. */
function emptyRecord<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}

/** Reads the import and export statements of a module. */
export function readLinks(statements: readonly SyntaxNode[]): ModuleLinks {
  const links: ModuleLinks = {
    imports: emptyRecord(),
    sources: [],
    exports: emptyRecord(),
    passedOn: emptyRecord(),
    star: [],
    declared: [],
  };
  for (const statement of statements) addStatement(links, statement);
  return links;
}

function addStatement(links: ModuleLinks, statement: SyntaxNode): void {
  const from = isNode(statement['source']) ? String(statement['source']['value']) : '';
  switch (statement.type) {
    case 'ImportDeclaration':
      addImport(links, statement, from);
      break;
    case 'ExportAllDeclaration':
      links.sources.push({ from, bare: false });
      if (isNode(statement['exported'])) links.passedOn[nameOf(statement['exported'])] = { from, name: '*' };
      else links.star.push(from);
      break;
    case 'ExportNamedDeclaration':
      addExport(links, statement, from);
      break;
    case 'ExportDefaultDeclaration':
      links.declared.push({ node: statement['declaration'] as SyntaxNode, exported: 'default' });
      links.exports['default'] = 'default';
      break;
    default:
      links.declared.push({ node: statement });
  }
}

function addImport(links: ModuleLinks, statement: SyntaxNode, from: string): void {
  const specifiers = statement['specifiers'] as SyntaxNode[];
  links.sources.push({ from, bare: specifiers.length === 0 });
  for (const specifier of specifiers)
    links.imports[nameOf(specifier['local'])] = { from, name: importedName(specifier) };
}

function addExport(links: ModuleLinks, statement: SyntaxNode, from: string): void {
  if (from !== '') links.sources.push({ from, bare: false });
  for (const specifier of statement['specifiers'] as SyntaxNode[]) {
    const exported = nameOf(specifier['exported']);
    const local = nameOf(specifier['local']);
    if (from === '') links.exports[exported] = local;
    else links.passedOn[exported] = { from, name: local };
  }
  const node = statement['declaration'];
  if (!isNode(node)) return;
  links.declared.push({ node });
  const names = node.type === 'VariableDeclaration' ? declaredNames(node) : boundNames(node['id']);
  for (const name of names) links.exports[name] = name;
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node['name'] ?? node['value']) : '';
}

function importedName(specifier: SyntaxNode): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier['imported']);
}
