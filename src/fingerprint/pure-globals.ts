/** What the language and Node offer that does nothing but compute its value, as far as code at a module's top level uses it. */

const typedArrays = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

const errors = ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'AggregateError'];

/** Classes whose `new` makes a value of its own; methods of these values are the language's. */
export const pureClasses: ReadonlySet<string> = new Set([
  ...typedArrays,
  ...errors,
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'RegExp',
  'URL',
  'URLSearchParams',
  'Date',
  'Array',
  'Object',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'TextEncoder',
  'TextDecoder',
  'AbortController',
  'Intl.NumberFormat',
  'Intl.DateTimeFormat',
  'Intl.Collator',
  'Intl.PluralRules',
  'Intl.ListFormat',
  'Intl.Segmenter',
]);

/** Functions, by the name that the source gives them. `Math.*` and `Number.*` are pure as a whole. */
const pureFunctions: ReadonlySet<string> = new Set([
  ...['Symbol', 'Number', 'String', 'BigInt', 'Boolean', 'Array', 'RegExp', 'Date', ...errors],
  ...['parseInt', 'parseFloat', 'isNaN', 'isFinite', 'structuredClone'],
  ...['encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'decodeURI'],
  ...['Symbol.for', 'String.raw', 'String.fromCharCode', 'String.fromCodePoint', 'BigInt.asIntN', 'BigInt.asUintN'],
  ...['JSON.parse', 'JSON.stringify', 'Array.from', 'Array.of', 'Array.isArray', 'ArrayBuffer.isView'],
  ...['Object.freeze', 'Object.fromEntries', 'Object.entries', 'Object.keys', 'Object.values', 'Object.create'],
  ...['Object.hasOwn', 'Object.is', 'Object.getOwnPropertyNames', 'Object.getPrototypeOf', 'Reflect.ownKeys'],
  ...['Object.isFrozen', 'Object.groupBy', 'Map.groupBy', 'Date.now', 'Date.UTC', 'Date.parse', 'performance.now'],
  ...['Buffer.from', 'Buffer.alloc', 'Buffer.byteLength', 'Buffer.concat', 'Buffer.compare', 'URL.canParse'],
  ...typedArrays.flatMap((name) => [`${name}.from`, `${name}.of`]),
]);

/** Functions of Node's own modules that only read or compute; `*` is all of the module. */
const pureNodeFunctions: Readonly<Record<string, readonly string[]>> = {
  path: ['*'],
  url: ['*'],
  os: ['*'],
  util: ['format', 'inspect', 'promisify', 'isDeepStrictEqual', 'stripVTControlCharacters'],
  module: ['createRequire', 'isBuiltin'],
  crypto: ['createHash', 'getHashes'],
  fs: ['readFileSync', 'existsSync', 'statSync', 'readdirSync', 'realpathSync'],
};

/** Whether calling this global (`Math.max`, `Number`, `Object.keys`) does nothing but give a value. */
export function isPureGlobal(name: string): boolean {
  return pureFunctions.has(name) || /^(Math|Number)\.\w+$/.test(name);
}

/** Whether a function of one of Node's modules does nothing but give a value. */
export function isPureNodeFunction(module: string, name: string): boolean {
  const names = pureNodeFunctions[module.replace(/^node:/, '')] ?? [];
  return names.includes('*') || names.includes(name);
}

/** Global functions that give a new array or object, whose methods are the language's. */
export function givesBuiltIn(name: string): boolean {
  return /^(Object\.(keys|values|entries|getOwnPropertyNames)|Array(\.from|\.of)?|String|\w+Array\.(from|of))$/.test(
    name,
  );
}

/** Methods of the language's arrays, texts, maps and sets that change nothing and give a new array or text. */
export const copyingMethods: ReadonlySet<string> = new Set([
  ...['map', 'filter', 'flatMap', 'flat', 'slice', 'concat', 'toSorted', 'toReversed', 'toSpliced', 'with'],
  ...['split', 'join', 'trim', 'trimStart', 'trimEnd', 'padStart', 'padEnd', 'repeat', 'replace', 'replaceAll'],
  ...['toUpperCase', 'toLowerCase', 'substring', 'normalize', 'charAt', 'toFixed', 'toString', 'subarray'],
]);

/** Methods that change nothing and give anything. */
export const readingMethods: ReadonlySet<string> = new Set([
  ...['includes', 'indexOf', 'lastIndexOf', 'find', 'findIndex', 'findLast', 'findLastIndex', 'some', 'every'],
  ...['reduce', 'reduceRight', 'forEach', 'at', 'keys', 'values', 'entries', 'get', 'has', 'startsWith', 'endsWith'],
  ...['charCodeAt', 'codePointAt', 'localeCompare', 'isWellFormed'],
]);

/** Methods that change the value that they are called on, and nothing else. */
export const changingMethods: ReadonlySet<string> = new Set([
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'],
  ...['set', 'add', 'delete', 'clear', 'append'],
]);

/** The place of the argument that a function or method calls. */
export const callbackPlace: Readonly<Record<string, number>> = {
  ...{ map: 0, filter: 0, flatMap: 0, find: 0, findIndex: 0, findLast: 0, findLastIndex: 0, some: 0, every: 0 },
  ...{ reduce: 0, reduceRight: 0, forEach: 0, sort: 0, toSorted: 0, replace: 1, replaceAll: 1 },
  ...{ from: 1, parse: 1, stringify: 1, groupBy: 1 },
};
