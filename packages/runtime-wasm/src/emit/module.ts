import { RuntimeWasmError } from '../errors.ts';
import { Body, globalAt, localAt, TYPE_CODES } from './body.ts';
import {
  type Callee,
  codeOf,
  type Local,
  type ResultType,
  type ValueType,
  type Variable,
} from './expression.ts';
import { unsigned } from './leb.ts';
import { MemoryLayout } from './memory.ts';
import { concat, custom, FUNCTION_TYPE, type Piece, section, SECTIONS, text, vector } from './sections.ts';

type Params<P extends readonly ValueType[]> = { readonly [K in keyof P]: Local<P[K]> };

const FUNCTION_EXPORT = 0;
const MEMORY_EXPORT = 2;
const GLOBAL_EXPORT = 3;
const IMMUTABLE = 0;
const MUTABLE = 1;
const END = 0x0b;

const encodeSignature = (params: readonly ValueType[], result: ResultType): number[] => [
  FUNCTION_TYPE,
  ...vector(params.map((type) => [TYPE_CODES[type]])),
  ...vector(result === 'none' ? [] : [[TYPE_CODES[result]]]),
];

/** A WebAssembly module in the making, of what the first version of the standard has: every runtime takes that. */
export class WasmModule {
  readonly memory = new MemoryLayout();
  readonly #types: number[][] = [];
  readonly #imports: number[][] = [];
  readonly #functions: { readonly type: number; code?: number[] }[] = [];
  readonly #globals: ValueType[] = [];
  readonly #exports: number[][] = [];
  readonly #customs: Piece[] = [];

  /** A function of the host, of its module "env". All imports come before the first function. */
  importFunction<R extends ResultType>(name: string, params: readonly ValueType[], result: R): Callee<R> {
    if (this.#functions.length > 0) {
      throw new RuntimeWasmError('MALFORMED_MODULE', `Import ${name} before the first function is declared`);
    }
    const entry = [...text('env'), ...text(name), FUNCTION_EXPORT, ...unsigned(this.#typeOf(params, result))];
    return { index: this.#imports.push(entry) - 1, params, result };
  }

  /** A variable of the whole module, zero at the start. Number 0 is `__heap_base`. */
  global<T extends ValueType>(type: T): Variable<T> {
    return globalAt(type, this.#globals.push(type));
  }

  /** A function that is called before it is defined. */
  declare<R extends ResultType>(params: readonly ValueType[], result: R): Callee<R> {
    const position = this.#functions.push({ type: this.#typeOf(params, result) }) - 1;
    return { index: this.#imports.length + position, params, result };
  }

  define(callee: Callee, build: (body: Body) => void): void {
    const declared = this.#functions[callee.index - this.#imports.length];
    if (!declared || declared.code) {
      throw new RuntimeWasmError('MALFORMED_MODULE', `Function ${callee.index} cannot be defined here`);
    }
    const body = new Body(callee.params);
    build(body);
    declared.code = body.encode(callee.result);
  }

  function<const P extends readonly ValueType[], R extends ResultType>(
    params: P,
    result: R,
    build: (body: Body, ...params: Params<P>) => void,
  ): Callee<R> {
    const callee = this.declare(params, result);
    const locals = params.map((type, index) => localAt(type, index)) as unknown as Params<P>;
    this.define(callee, (body) => build(body, ...locals));
    return callee;
  }

  export(name: string, { index }: Callee): void {
    this.#exports.push([...text(name), FUNCTION_EXPORT, ...unsigned(index)]);
  }

  custom(name: string, bytes: Uint8Array): void {
    this.#customs.push(...custom(name, bytes));
  }

  encode(): Uint8Array {
    const { pages, segments } = this.memory;
    return concat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(SECTIONS.type, [vector(this.#types)]),
      ...section(SECTIONS.import, [vector(this.#imports)]),
      ...section(SECTIONS.function, [vector(this.#functions.map(({ type }) => unsigned(type)))]),
      ...section(SECTIONS.memory, [vector([[0, ...unsigned(pages)]])]),
      ...section(SECTIONS.global, [vector(this.#globalEntries())]),
      ...section(SECTIONS.export, [vector([...this.#exports, ...this.#fixedExports()])]),
      ...section(SECTIONS.code, [vector(this.#functions.map(({ code }) => code ?? []))]),
      ...section(SECTIONS.data, [
        unsigned(segments.length),
        ...segments.flatMap(({ address, bytes }) => [
          [0, ...codeOf(address), END, ...unsigned(bytes.length)],
          bytes,
        ]),
      ]),
      ...this.#customs,
    ]);
  }

  #globalEntries(): number[][] {
    const variables = this.#globals.map((type) => [
      TYPE_CODES[type],
      MUTABLE,
      ...codeOf(type === 'i32' ? 0 : 0n),
      END,
    ]);
    return [[TYPE_CODES.i32, IMMUTABLE, ...codeOf(this.memory.end), END], ...variables];
  }

  #fixedExports(): number[][] {
    return [
      [...text('memory'), MEMORY_EXPORT, 0],
      [...text('__heap_base'), GLOBAL_EXPORT, 0],
    ];
  }

  #typeOf(params: readonly ValueType[], result: ResultType): number {
    const encoded = encodeSignature(params, result);
    const known = this.#types.findIndex((type) => type.join() === encoded.join());
    return known >= 0 ? known : this.#types.push(encoded) - 1;
  }
}
