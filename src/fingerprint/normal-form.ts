import {
  blockNames,
  boundNames,
  declaredNames,
  everyNode,
  fields,
  hoistedNames,
  isFunction,
  isNode,
  propertyName,
  type SyntaxNode,
} from './syntax.ts';

/** A piece of code without what does not matter: the same text for the same program. */
export interface NormalForm {
  readonly text: string;
  /** Names that the code uses and does not declare itself: other declarations of the module, imports, globals. */
  readonly free: ReadonlySet<string>;
  /** As `free`, but a namespace of which only known properties are used is written `namespace.property`. */
  readonly uses: ReadonlySet<string>;
  /** Names that the code declares inside, with how many times. */
  readonly locals: ReadonlyMap<string, number>;
}

export interface NormalFormOptions {
  /** Names of the module's `import * as name`. */
  readonly namespaces?: ReadonlySet<string>;
  /** Local names count: for code whose scopes are not those of a module (CommonJS). */
  readonly keepNames?: boolean;
}

type Scope = ReadonlyMap<string, string>;

/**
 * Writes a syntax tree out with its local names and labels replaced by numbers in the order of their declaration.
 * Formatting and comments are not in the tree; renaming a local variable or parameter changes nothing; everything else
 * shows. Two things that a program can find out about itself do not count: the `name` of a local function, and the
 * source text of a function. Names of local classes do count, and all names do in code that calls `eval`.
 */
export function normalForm(root: SyntaxNode, options: NormalFormOptions = {}): NormalForm {
  const keepNames = options.keepNames === true || everyNode(root).some(isEval);
  const writer = new Writer(options.namespaces ?? new Set(), keepNames);
  return { text: writer.node(root, new Map()), free: writer.free, uses: writer.uses, locals: writer.locals };
}

function isEval(node: SyntaxNode): boolean {
  return node.type === 'Identifier' && node['name'] === 'eval';
}

class Writer {
  readonly free = new Set<string>();
  readonly uses = new Set<string>();
  readonly locals = new Map<string, number>();
  readonly #namespaces: ReadonlySet<string>;
  readonly #keepNames: boolean;
  #declared = 0;

  constructor(namespaces: ReadonlySet<string>, keepNames: boolean) {
    this.#namespaces = namespaces;
    this.#keepNames = keepNames;
  }

  node(current: SyntaxNode, scope: Scope): string {
    if (isFunction(current)) return this.#function(current, scope);
    switch (current.type) {
      case 'Identifier':
        return `(Identifier ${this.#name(current['name'] as string, scope)})`;
      case 'Literal':
        return literalForm(current);
      case 'BlockStatement':
        return this.#write(current, this.#extend(scope, blockNames(current['body'] as SyntaxNode[])));
      case 'StaticBlock': {
        const body = current['body'] as SyntaxNode[];
        return this.#write(current, this.#extend(scope, [...body.flatMap(hoistedNames), ...blockNames(body)]));
      }
      case 'SwitchStatement': {
        const cases = (current['cases'] as SyntaxNode[]).flatMap((item) => item['consequent'] as SyntaxNode[]);
        return this.#write(current, this.#extend(scope, blockNames(cases)));
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.#write(current, this.#extend(scope, headNames(current)));
      case 'CatchClause':
        return this.#write(current, this.#extend(scope, boundNames(current['param'])));
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(current, scope);
      case 'MemberExpression':
        return this.#member(current, scope);
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        return this.#property(current, scope);
      case 'LabeledStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
        return this.#labelled(current, scope);
      case 'MetaProperty':
        return `(meta ${keyText(current['meta'])}.${keyText(current['property'])})`;
      default:
        return this.#write(current, scope);
    }
  }

  #write(current: SyntaxNode, scope: Scope, skip: readonly string[] = []): string {
    const parts = fields(current).filter(([name]) => !skip.includes(name));
    return `(${current.type}${parts.map(([name, content]) => ` ${name}=${this.#value(content, scope)}`).join('')})`;
  }

  #value(content: unknown, scope: Scope): string {
    if (isNode(content)) return this.node(content, scope);
    if (Array.isArray(content)) return `[${content.map((item) => this.#value(item, scope)).join(',')}]`;
    return JSON.stringify(content) ?? 'undefined';
  }

  #extend(scope: Scope, names: readonly string[]): Scope {
    if (names.length === 0) return scope;
    const inner = new Map(scope);
    for (const name of new Set(names)) {
      inner.set(name, this.#number(name));
      this.locals.set(name, (this.locals.get(name) ?? 0) + 1);
    }
    return inner;
  }

  #number(name: string): string {
    return this.#keepNames ? `#${name}` : `#${this.#declared++}`;
  }

  #name(text: string, scope: Scope): string {
    const local = scope.get(text);
    if (local !== undefined) return local;
    this.free.add(text);
    this.uses.add(text);
    return text;
  }

  #class(current: SyntaxNode, scope: Scope): string {
    const names = boundNames(current['id']);
    const inner = current.type === 'ClassExpression' ? this.#extend(scope, names) : scope;
    return `${names.map((name) => JSON.stringify(name)).join('')}${this.#write(current, inner)}`;
  }

  #member(current: SyntaxNode, scope: Scope): string {
    const object = current['object'] as SyntaxNode;
    const namespace = object.type === 'Identifier' ? (object['name'] as string) : '';
    const property = propertyName(current);
    if (this.#namespaces.has(namespace) && !scope.has(namespace) && property !== undefined) {
      this.free.add(namespace);
      this.uses.add(`${namespace}.${property}`);
      return `(MemberExpression ${namespace}${current['optional'] === true ? '?' : ''}).${JSON.stringify(property)}`;
    }
    return current['computed'] === true
      ? this.#write(current, scope)
      : `${this.#write(current, scope, ['property'])}.${keyText(current['property'])}`;
  }

  #property(current: SyntaxNode, scope: Scope): string {
    if (current['computed'] === true) return this.#write(current, scope);
    const key = keyText(current['key']);
    // `{__proto__: x}` sets the prototype, `{__proto__}` does not.
    const skip = key === '"__proto__"' ? ['key'] : ['key', 'shorthand'];
    return `${key}:${this.#write(current, scope, skip)}`;
  }

  /** Labels have a name space of their own: in the scope they stand behind a colon. */
  #labelled(current: SyntaxNode, scope: Scope): string {
    const label = isNode(current['label']) ? `:${String(current['label']['name'])}` : '';
    if (current.type !== 'LabeledStatement')
      return `${scope.get(label) ?? ''}:${this.#write(current, scope, ['label'])}`;
    const number = this.#number(label);
    return `${number}:${this.#write(current, new Map(scope).set(label, number), ['label'])}`;
  }

  /**
   * A default value of a parameter does not see the body's `var`s, so these have a scope of their own; but one of a
   * parameter's name is that parameter.
   */
  #function(current: SyntaxNode, scope: Scope): string {
    const body = current['body'] as SyntaxNode;
    const own = current.type === 'FunctionExpression' ? boundNames(current['id']) : [];
    const params = (current['params'] as SyntaxNode[]).flatMap(boundNames);
    const outer = this.#extend(scope, [...own, ...params]);
    const inner = this.#extend(
      outer,
      hoistedNames(body).filter((name) => !params.includes(name)),
    );
    const name = current.type === 'FunctionDeclaration' ? boundNames(current['id'])[0] : undefined;
    const head = name === undefined ? '' : this.#name(name, scope);
    const written = this.#write(current, outer, ['id', 'expression', 'body']);
    return `${head}${written}${this.node(body, inner)}`;
  }
}

function headNames(loop: SyntaxNode): string[] {
  const head = loop['init'] ?? loop['left'];
  return isNode(head) && head.type === 'VariableDeclaration' && head['kind'] !== 'var' ? declaredNames(head) : [];
}

/** The kind of a literal is written with it: JSON would make 1e999 and a regular expression look like null and {}. */
function literalForm({ value, bigint, regex }: SyntaxNode): string {
  if (typeof bigint === 'string') return `(Literal ${BigInt(bigint)}n)`;
  if (typeof regex === 'object' && regex !== null) return `(Literal regex ${JSON.stringify(regex)})`;
  if (typeof value === 'number') return `(Literal ${Object.is(value, -0) ? '-0' : String(value)})`;
  return `(Literal ${JSON.stringify(value)})`;
}

/** A name that is not a variable: a property, a label. */
function keyText(key: unknown): string {
  if (!isNode(key)) return '';
  if (key.type === 'PrivateIdentifier') return `#${String(key['name'])}`;
  return key.type === 'Identifier' ? JSON.stringify(key['name']) : JSON.stringify(String(key['value']));
}
