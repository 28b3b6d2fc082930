import {
  blockNames,
  boundNames,
  declaredNames,
  fields,
  hoistedNames,
  isFunction,
  isNode,
  type SyntaxNode,
} from './syntax.ts';

/** A piece of code without what does not matter: the same text for the same program. */
export interface NormalForm {
  readonly text: string;
  /** Names that the code uses and does not declare itself: other declarations of the module, imports, globals. */
  readonly free: ReadonlySet<string>;
}

type Scope = ReadonlyMap<string, string>;

/**
 * Writes a syntax tree out with its local names replaced by numbers in the order of their declaration. Formatting and
 * comments are not in the tree; renaming a local variable or parameter changes nothing; everything else shows.
 */
export function normalForm(root: SyntaxNode): NormalForm {
  const free = new Set<string>();
  let declared = 0;
  const extend = (scope: Scope, names: readonly string[]): Scope => {
    if (names.length === 0) return scope;
    const inner = new Map(scope);
    for (const name of new Set(names)) inner.set(name, `#${declared++}`);
    return inner;
  };
  const value = (content: unknown, scope: Scope): string => {
    if (isNode(content)) return node(content, scope);
    if (Array.isArray(content)) return `[${content.map((item) => value(item, scope)).join(',')}]`;
    if (typeof content === 'bigint') return `${content}n`;
    return JSON.stringify(content) ?? 'undefined';
  };
  const write = (current: SyntaxNode, scope: Scope, skip: readonly string[] = []): string => {
    const parts = fields(current).filter(([name]) => !skip.includes(name));
    return `(${current.type}${parts.map(([name, content]) => ` ${name}=${value(content, scope)}`).join('')})`;
  };
  const name = (text: string, scope: Scope): string => {
    const local = scope.get(text);
    if (local === undefined) free.add(text);
    return local ?? text;
  };
  const node = (current: SyntaxNode, scope: Scope): string => {
    if (isFunction(current)) return functionForm(current, scope);
    switch (current.type) {
      case 'Identifier':
        return `(Identifier ${name(current['name'] as string, scope)})`;
      case 'BlockStatement':
      case 'StaticBlock':
        return write(current, extend(scope, blockNames(current['body'] as SyntaxNode[])));
      case 'SwitchStatement': {
        const cases = (current['cases'] as SyntaxNode[]).flatMap((item) => item['consequent'] as SyntaxNode[]);
        return write(current, extend(scope, blockNames(cases)));
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const head = (current['init'] ?? current['left']) as unknown;
        const names =
          isNode(head) && head.type === 'VariableDeclaration' && head['kind'] !== 'var' ? declaredNames(head) : [];
        return write(current, extend(scope, names));
      }
      case 'CatchClause':
        return write(current, extend(scope, boundNames(current['param'])));
      case 'ClassExpression':
        return write(current, extend(scope, boundNames(current['id'])));
      case 'MemberExpression':
        return current['computed'] === true
          ? write(current, scope)
          : `${write(current, scope, ['property'])}.${keyText(current['property'])}`;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        return current['computed'] === true
          ? write(current, scope)
          : `${keyText(current['key'])}:${write(current, scope, ['key', 'shorthand'])}`;
      case 'LabeledStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
        return `${keyText(current['label'])}:${write(current, scope, ['label'])}`;
      case 'MetaProperty':
        return `(meta ${keyText(current['meta'])}.${keyText(current['property'])})`;
      default:
        return write(current, scope);
    }
  };
  const functionForm = (current: SyntaxNode, scope: Scope): string => {
    const params = current['params'] as SyntaxNode[];
    const body = current['body'] as SyntaxNode;
    const own = current.type === 'FunctionExpression' ? boundNames(current['id']) : [];
    const inner = extend(scope, [...own, ...params.flatMap(boundNames), ...hoistedNames(body)]);
    const declaration =
      current.type === 'FunctionDeclaration' ? name((current['id'] as SyntaxNode)['name'] as string, scope) : '';
    return `${declaration}${write(current, inner, ['id', 'expression'])}`;
  };
  return { text: node(root, new Map()), free };
}

/** A name that is not a variable: a property, a label. */
function keyText(key: unknown): string {
  if (!isNode(key)) return '';
  if (key.type === 'PrivateIdentifier') return `#${String(key['name'])}`;
  return key.type === 'Identifier' ? JSON.stringify(key['name']) : JSON.stringify(String(key['value']));
}
