import type { KnownNames } from './known-names.ts';
import { changingMethods, copyingMethods, givesBuiltIn, pureClasses } from './pure-globals.ts';
import { propertyName, type SyntaxNode, withoutChain } from './syntax.ts';

/** Whether an expression gives an array, object or text that it has just made, so that nobody else sees it change. */
export function isFresh(value: unknown, names: KnownNames): boolean {
  const node = withoutChain(value);
  switch (node?.type) {
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'TemplateLiteral':
      return true;
    case 'Literal':
      return typeof node['value'] === 'string' || node['regex'] !== undefined;
    case 'NewExpression':
      return pureClasses.has(names.global(withoutChain(node['callee'])) ?? '');
    case 'Identifier': {
      const constant = names.localConstant(String(node['name']));
      return constant !== undefined && isFresh(constant, names);
    }
    case 'CallExpression':
      return isFreshCall(withoutChain(node['callee']), names);
    default:
      return false;
  }
}

function isFreshCall(callee: SyntaxNode | undefined, names: KnownNames): boolean {
  if (givesBuiltIn(names.global(callee) ?? '')) return true;
  if (callee?.type !== 'MemberExpression') return false;
  const method = propertyName(callee) ?? '';
  if (copyingMethods.has(method)) return isBuiltIn(callee['object'], names);
  return (
    ['sort', 'reverse', 'fill'].includes(method) && changingMethods.has(method) && isFresh(callee['object'], names)
  );
}

/** Whether an expression gives a value of the language's own classes, so that its methods are the language's. */
export function isBuiltIn(value: unknown, names: KnownNames): boolean {
  const node = withoutChain(value);
  if (node === undefined || node.type === 'ObjectExpression') return false;
  if (node.type !== 'Identifier') return isFresh(node, names);
  const name = String(node['name']);
  const constant = names.localConstant(name) ?? names.moduleConstant(name);
  return constant !== undefined && isBuiltIn(constant, names);
}
