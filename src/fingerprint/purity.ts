import { isBuiltIn, isFresh } from './built-in-values.ts';
import type { KnownNames } from './known-names.ts';
import {
  callbackPlace,
  changingMethods,
  copyingMethods,
  isPureGlobal,
  isPureNodeFunction,
  pureClasses,
  readingMethods,
} from './pure-globals.ts';
import { children, isFunction, isNode, propertyName, type SyntaxNode, withoutChain } from './syntax.ts';

/**
 * `undefined`: running the code may change something outside of it. Otherwise it changes nothing, provided that the
 * module's own or imported functions named here change nothing: `name()` is called, `name` is handed to a function
 * that calls it.
 */
export type Purity = readonly string[] | undefined;

/**
 * Looks whether code changes anything outside of itself when it runs. Reading a property, iterating and turning a value
 * into a text count as doing nothing; any call counts as a change, unless what is called is known.
 */
export class PurityReader {
  readonly #names: KnownNames;
  #conditions = new Set<string>();
  #open = new Set<SyntaxNode>();
  #ownThis = false;

  constructor(names: KnownNames) {
    this.#names = names;
  }

  /** Of evaluating an expression or running a statement. */
  ofRunning(node: SyntaxNode): Purity {
    return this.#answer(() => this.#runs(node));
  }

  /** Of calling a function or making an instance of a class. */
  ofCalling(node: SyntaxNode): Purity {
    return this.#answer(() => (isFunction(node) ? this.#body(node) : this.#instance(node)));
  }

  #answer(check: () => boolean): Purity {
    this.#conditions = new Set();
    this.#open = new Set();
    return check() ? [...this.#conditions].sort() : undefined;
  }

  #runs(node: SyntaxNode): boolean {
    if (isFunction(node)) return true;
    switch (node.type) {
      case 'ImportExpression':
      case 'AwaitExpression':
      case 'WithStatement':
        return false;
      case 'AssignmentExpression':
        return this.#mayWrite(node['left']) && this.#all(node['right']);
      case 'UpdateExpression':
        return this.#mayWrite(node['argument']);
      case 'UnaryExpression':
        return node['operator'] === 'delete' ? this.#mayWrite(node['argument']) : this.#all(node['argument']);
      case 'ForInStatement':
      case 'ForOfStatement': {
        const left = node['left'] as SyntaxNode;
        const target = left.type === 'VariableDeclaration' ? this.#runs(left) : this.#mayWrite(left);
        return node['await'] !== true && target && this.#all(node['right'], node['body']);
      }
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(node, node['arguments'] as SyntaxNode[]);
      case 'TaggedTemplateExpression':
        return this.#call(
          { ...node, callee: node['tag'] },
          (node['quasi'] as SyntaxNode)['expressions'] as SyntaxNode[],
        );
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node);
      default:
        return children(node).every((child) => this.#runs(child));
    }
  }

  #all(...parts: unknown[]): boolean {
    return parts.every((part) => !isNode(part) || this.#runs(part));
  }

  /** A variable of the code's own, or a property of an object that it made itself. */
  #mayWrite(target: unknown): boolean {
    const node = withoutChain(target);
    if (node?.type === 'Identifier') return this.#names.isLocal(String(node['name']));
    if (node?.type === 'MemberExpression') {
      const object = withoutChain(node['object']);
      const own =
        (object?.type === 'ThisExpression' && this.#ownThis) ||
        (object?.type === 'Identifier' && isFresh(object, this.#names));
      return own && (node['computed'] !== true || this.#all(node['property']));
    }
    return false;
  }

  #call(node: SyntaxNode, args: readonly SyntaxNode[]): boolean {
    const callee = withoutChain(node['callee']);
    return callee !== undefined && args.every((arg) => this.#runs(arg)) && this.#callee(node, callee, args);
  }

  #callee(node: SyntaxNode, callee: SyntaxNode, args: readonly SyntaxNode[]): boolean {
    if (isFunction(callee)) return this.#body(callee);
    if (callee.type === 'Super') return this.#ownThis;
    const global = this.#names.global(callee);
    if (global !== undefined && (node.type === 'NewExpression' ? pureClasses.has(global) : isPureGlobal(global)))
      return this.#callback(global.split('.').at(-1) ?? '', args);
    if (callee.type === 'Identifier') return this.#named(String(callee['name']));
    return callee.type === 'MemberExpression' && this.#method(callee, args);
  }

  #named(name: string): boolean {
    const own = this.#names.localFunction(name);
    if (own !== undefined) return this.#body(own);
    if (this.#names.isShadowed(name)) return false;
    const imported = this.#names.imported(name);
    if (imported !== undefined && /^node:/.test(imported.from)) return isPureNodeFunction(imported.from, imported.name);
    if (imported === undefined && !this.#names.isDeclared(name)) return false;
    this.#conditions.add(`${name}()`);
    return true;
  }

  #method(callee: SyntaxNode, args: readonly SyntaxNode[]): boolean {
    const method = propertyName(callee);
    const object = withoutChain(callee['object']);
    if (method === undefined || object === undefined) return false;
    const imported = object.type === 'Identifier' ? this.#names.imported(String(object['name'])) : undefined;
    if (imported !== undefined && !this.#names.isShadowed(String(object['name']))) {
      if (/^node:/.test(imported.from)) return isPureNodeFunction(imported.from, method);
      if (imported.name !== '*') return false;
      this.#conditions.add(`${String(object['name'])}.${method}()`);
      return true;
    }
    const harmless =
      ((copyingMethods.has(method) || readingMethods.has(method)) && isBuiltIn(object, this.#names)) ||
      (changingMethods.has(method) && isFresh(object, this.#names) && isBuiltIn(object, this.#names));
    return harmless && this.#runs(object) && this.#callback(method, args);
  }

  /** What a function of the language calls must change nothing either. */
  #callback(method: string, args: readonly SyntaxNode[]): boolean {
    const place = Object.hasOwn(callbackPlace, method) ? callbackPlace[method] : undefined;
    const callback = place === undefined ? undefined : args[place];
    if (args.some((arg) => arg.type === 'SpreadElement') && place !== undefined) return false;
    if (callback === undefined || callback.type === 'Literal' || callback.type === 'TemplateLiteral') return true;
    if (isFunction(callback)) return this.#body(callback);
    const global = this.#names.global(callback);
    if (global !== undefined) return isPureGlobal(global) || global === 'undefined';
    if (callback.type !== 'Identifier') return false;
    const name = String(callback['name']);
    if (this.#names.localFunction(name) !== undefined) return this.#named(name);
    if (this.#names.isShadowed(name)) return false;
    this.#conditions.add(name);
    return true;
  }

  #body(node: SyntaxNode): boolean {
    if (this.#open.has(node)) return true;
    this.#open.add(node);
    const outer = this.#ownThis;
    if (node.type !== 'ArrowFunctionExpression') this.#ownThis = false;
    const pure = [...(node['params'] as SyntaxNode[]), node['body'] as SyntaxNode].every((part) => this.#runs(part));
    this.#ownThis = outer;
    return pure;
  }

  /** What evaluating a class runs: what it extends, computed names, static fields and blocks. */
  #class(node: SyntaxNode): boolean {
    const members = (node['body'] as SyntaxNode)['body'] as SyntaxNode[];
    return (
      this.#all(node['superClass']) &&
      members.every((member) => {
        const key = member['computed'] !== true || this.#all(member['key']);
        if (member.type === 'StaticBlock') return children(member).every((child) => this.#runs(child));
        return key && (member.type !== 'PropertyDefinition' || member['static'] !== true || this.#all(member['value']));
      })
    );
  }

  /** What `new` runs: instance fields, the constructor, and those of the class that it extends. */
  #instance(node: SyntaxNode): boolean {
    const parent = withoutChain(node['superClass']);
    const known =
      parent === undefined ||
      pureClasses.has(this.#names.global(parent) ?? '') ||
      (parent.type === 'Identifier' && this.#named(String(parent['name'])));
    const members = (node['body'] as SyntaxNode)['body'] as SyntaxNode[];
    return known && members.every((member) => this.#memberOfInstance(member));
  }

  #memberOfInstance(member: SyntaxNode): boolean {
    if (member['static'] === true) return true;
    if (member.type === 'PropertyDefinition') return this.#all(member['value']);
    if (member.type !== 'MethodDefinition' || member['kind'] !== 'constructor') return true;
    const method = member['value'] as SyntaxNode;
    this.#ownThis = true;
    const pure = [...(method['params'] as SyntaxNode[]), method['body'] as SyntaxNode].every((part) =>
      this.#runs(part),
    );
    this.#ownThis = false;
    return pure;
  }
}
