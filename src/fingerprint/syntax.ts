/** A node of an ESTree syntax tree, as parsers give it. */
export interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Places in the source, and spellings of literals: two programs that differ only here are the same. */
const notMeaning = new Set(['start', 'end', 'loc', 'range', 'raw', 'sourceType', 'directive', 'parent']);

/** The fields of a node that carry meaning, in a fixed order. */
export function fields(node: SyntaxNode): [string, unknown][] {
  return Object.keys(node)
    .filter((name) => name !== 'type' && !notMeaning.has(name))
    .sort()
    .map((name) => [name, node[name]]);
}

/** The child nodes of a node. */
export function children(node: SyntaxNode): SyntaxNode[] {
  return fields(node).flatMap(([, value]) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** Names that a binding pattern declares: `{a, b: [c = 1], ...d}` declares a, c and d. */
export function boundNames(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern['name'] as string];
    case 'ObjectPattern':
      return (pattern['properties'] as SyntaxNode[]).flatMap((property) =>
        boundNames(property.type === 'RestElement' ? property['argument'] : property['value']),
      );
    case 'ArrayPattern':
      return (pattern['elements'] as unknown[]).flatMap(boundNames);
    case 'AssignmentPattern':
      return boundNames(pattern['left']);
    case 'RestElement':
      return boundNames(pattern['argument']);
    default:
      return [];
  }
}

export function isFunction(node: SyntaxNode): boolean {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** Names that a statement list declares in its own block: let, const, class and functions. */
export function blockNames(statements: readonly SyntaxNode[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === 'VariableDeclaration' && statement['kind'] !== 'var') return declaredNames(statement);
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
      return boundNames(statement['id']);
    return [];
  });
}

/** Names of a variable declaration. */
export function declaredNames(declaration: SyntaxNode): string[] {
  return (declaration['declarations'] as SyntaxNode[]).flatMap((declarator) => boundNames(declarator['id']));
}

/** Names declared by `var` anywhere in a function's body, but not in functions inside it. */
export function hoistedNames(node: SyntaxNode): string[] {
  const own = node.type === 'VariableDeclaration' && node['kind'] === 'var' ? declaredNames(node) : [];
  return [
    ...own,
    ...children(node)
      .filter((child) => !isFunction(child))
      .flatMap(hoistedNames),
  ];
}
