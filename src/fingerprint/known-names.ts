import { boundNames, everyNode, isFunction, isNode, propertyName, type SyntaxNode, withoutChain } from './syntax.ts';

/** Names that a module declares at its top level, as far as purity needs them. */
export interface ModuleNames {
  readonly imports: Readonly<Record<string, { readonly from: string; readonly name: string }>>;
  readonly declared: ReadonlySet<string>;
  /** What constants are set to. */
  readonly constants: ReadonlyMap<string, SyntaxNode>;
}

/** Names of one top-level statement, from its normal form. */
export interface StatementNames {
  readonly free: ReadonlySet<string>;
  readonly locals: ReadonlyMap<string, number>;
}

/** What stands behind the names in one top-level statement of a module, as far as the source tells. */
export class KnownNames {
  readonly #module: ModuleNames;
  readonly #names: StatementNames;
  readonly #functions = new Map<string, SyntaxNode>();
  readonly #constants = new Map<string, SyntaxNode>();

  constructor(statement: SyntaxNode, names: StatementNames, module: ModuleNames) {
    this.#module = module;
    this.#names = names;
    for (const node of everyNode(statement)) {
      if (node.type === 'VariableDeclaration' && node['kind'] === 'const')
        for (const declarator of node['declarations'] as SyntaxNode[]) this.#addConstant(declarator);
      if (node.type === 'FunctionDeclaration')
        for (const name of boundNames(node['id'])) this.#functions.set(name, node);
    }
  }

  #addConstant(declarator: SyntaxNode): void {
    const { id, init } = declarator as { id?: unknown; init?: unknown };
    if (!isNode(id) || id.type !== 'Identifier' || !isNode(init)) return;
    (isFunction(init) ? this.#functions : this.#constants).set(String(id['name']), init);
  }

  /** A name that only this statement's inner scopes declare. The free names are those that some scope does not. */
  isLocal(name: string): boolean {
    return this.#names.locals.has(name) && !this.#names.free.has(name);
  }

  /** A name that some inner scope declares. */
  isShadowed(name: string): boolean {
    return this.#names.locals.has(name);
  }

  /** A name that the module declares at its top level. */
  isDeclared(name: string): boolean {
    return this.#module.declared.has(name);
  }

  /** Where the module imports a name from. */
  imported(name: string): { readonly from: string; readonly name: string } | undefined {
    return Object.hasOwn(this.#module.imports, name) ? this.#module.imports[name] : undefined;
  }

  /** The global that an expression names: `Map`, `Object.keys`, `Intl.NumberFormat`. */
  global(node: SyntaxNode | undefined): string | undefined {
    if (node?.type === 'Identifier') {
      const name = String(node['name']);
      const own = this.isShadowed(name) || this.isDeclared(name) || this.imported(name) !== undefined;
      return own ? undefined : name;
    }
    if (node?.type !== 'MemberExpression') return undefined;
    const object = withoutChain(node['object']);
    const property = propertyName(node);
    const name = object?.type === 'Identifier' ? this.global(object) : undefined;
    return name === undefined || property === undefined ? undefined : `${name}.${property}`;
  }

  /** What a constant of inner scopes was set to; only where one scope alone declares its name. */
  localConstant(name: string): SyntaxNode | undefined {
    return this.#isUnique(name) ? this.#constants.get(name) : undefined;
  }

  /** A function of inner scopes; only where one scope alone declares its name. */
  localFunction(name: string): SyntaxNode | undefined {
    return this.#isUnique(name) ? this.#functions.get(name) : undefined;
  }

  /** What a constant of the module was set to. */
  moduleConstant(name: string): SyntaxNode | undefined {
    return this.isShadowed(name) ? undefined : this.#module.constants.get(name);
  }

  #isUnique(name: string): boolean {
    return this.isLocal(name) && this.#names.locals.get(name) === 1;
  }
}
