/** A node of an ESTree syntax tree, as parsers give it. */
export interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Places in the source, and spellings of literals: two programs that differ only here are the same. */
const notMeaning = new Set(['start', 'end', 'loc', 'range', 'raw', 'sourceType', 'parent']);

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

/** Names declared by `var` anywhere in a function's body, but not in functions and static blocks inside it. */
export function hoistedNames(node: SyntaxNode): string[] {
  const own = node.type === 'VariableDeclaration' && node['kind'] === 'var' ? declaredNames(node) : [];
  return [
    ...own,
    ...children(node)
      .filter((child) => !isFunction(child) && child.type !== 'StaticBlock')
      .flatMap(hoistedNames),
  ];
}

/** The node and all nodes inside it, outermost first. */
export function everyNode(root: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (isNode(value)) {
      found.push(value);
      for (const field in value) if (typeof value[field] === 'object') visit(value[field]);
    }
  };
  visit(root);
  return found;
}

/** The name of a property that the source itself tells: `a.b`, `a['b']`, `{b: 1}`. */
export function propertyName(node: SyntaxNode): string | undefined {
  const property = node['property'] ?? node['key'];
  if (!isNode(property)) return undefined;
  if (node['computed'] !== true && property.type === 'Identifier') return String(property['name']);
  return literalText(property);
}

/** The text that a literal or a template without expressions stands for. */
export function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type !== 'TemplateLiteral') return undefined;
  const [only, ...others] = node['quasis'] as SyntaxNode[];
  const text = (only?.['value'] as { cooked?: unknown } | undefined)?.cooked;
  return others.length === 0 && typeof text === 'string' ? text : undefined;
}

/** The callee of a call, without the parts that only say "if it is there". */
export function withoutChain(node: unknown): SyntaxNode | undefined {
  if (!isNode(node)) return undefined;
  return node.type === 'ChainExpression' ? withoutChain(node['expression']) : node;
}

/** Whether the node is `import.meta.NAME`. */
export function isImportMeta(node: unknown, name: string): boolean {
  return (
    isNode(node) &&
    node.type === 'MemberExpression' &&
    isNode(node['object']) &&
    node['object'].type === 'MetaProperty' &&
    propertyName(node) === name
  );
}

/** Names that some code inside sets after their declaration. */
export function assignedNames(root: SyntaxNode): Set<string> {
  return new Set(
    everyNode(root).flatMap((node) => {
      if (node.type === 'AssignmentExpression') return boundNames(node['left']);
      if (node.type === 'UpdateExpression') return boundNames(node['argument']);
      return node.type === 'ForInStatement' || node.type === 'ForOfStatement' ? boundNames(node['left']) : [];
    }),
  );
}
