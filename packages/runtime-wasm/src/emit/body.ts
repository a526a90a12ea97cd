import {
  codeOf,
  type Expression,
  type Local,
  type Long,
  type Operand,
  type ResultType,
  type ValueType,
  type Variable,
  type Word,
} from './expression.ts';
import { unsigned } from './leb.ts';

const UNREACHABLE = 0x00;
const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
const BR = 0x0c;
const BR_IF = 0x0d;
const RETURN = 0x0f;
const DROP = 0x1a;
const EQZ = 0x45;
const NO_RESULT = 0x40;

export const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };

const variable = <T extends ValueType>(type: T, get: number, set: number, index: number): Variable<T> => ({
  type,
  code: [get, ...unsigned(index)],
  setter: [set, ...unsigned(index)],
});

export const localAt = <T extends ValueType>(type: T, index: number): Local<T> =>
  variable(type, 0x20, 0x21, index);
export const globalAt = <T extends ValueType>(type: T, index: number): Variable<T> =>
  variable(type, 0x23, 0x24, index);

/** The statements of one function, written down in their order. */
export class Body {
  readonly #params: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];

  constructor(params: readonly ValueType[]) {
    this.#params = params;
  }

  /** A new local; zero until it is set. */
  local<T extends ValueType>(type: T): Local<T> {
    const index = this.#params.length + this.#locals.length;
    this.#locals.push(type);
    return localAt(type, index);
  }

  word(value: Word): Local<'i32'> {
    const local = this.local('i32');
    this.set(local, value);
    return local;
  }

  long(value: Long): Local<'i64'> {
    const local = this.local('i64');
    this.set(local, value);
    return local;
  }

  set<T extends ValueType>(target: Variable<T>, value: T extends 'i32' ? Word : Long): void {
    this.#emit(codeOf(value), target.setter);
  }

  /** Runs an expression for what it does; a result is dropped. */
  run(expression: Expression<ResultType>): void {
    this.#emit(expression.code, expression.type === 'none' ? [] : [DROP]);
  }

  store8(address: Word, value: Word, offset = 0): void {
    this.#emit(codeOf(address), codeOf(value), [0x3a, 0, ...unsigned(offset)]);
  }

  store32(address: Word, value: Word, offset = 0): void {
    this.#emit(codeOf(address), codeOf(value), [0x36, 0, ...unsigned(offset)]);
  }

  store64(address: Word, value: Long, offset = 0): void {
    this.#emit(codeOf(address), codeOf(value), [0x37, 0, ...unsigned(offset)]);
  }

  if(condition: Word, then: () => void, otherwise?: () => void): void {
    this.#emit(codeOf(condition), [IF, NO_RESULT]);
    then();
    if (otherwise) {
      this.#emit([ELSE]);
      otherwise();
    }
    this.#emit([END]);
  }

  while(condition: Word, repeat: () => void): void {
    this.#emit([BLOCK, NO_RESULT, LOOP, NO_RESULT], codeOf(condition), [EQZ, BR_IF, 1]);
    repeat();
    this.#emit([BR, 0, END, END]);
  }

  return(value?: Operand): void {
    this.#emit(value === undefined ? [] : codeOf(value), [RETURN]);
  }

  trap(): void {
    this.#emit([UNREACHABLE]);
  }

  /** Locals and code, as the code section has them. */
  encode(result: ResultType): number[] {
    const locals = this.#locals.flatMap((type) => [1, TYPE_CODES[type]]);
    const end = result === 'none' ? [END] : [UNREACHABLE, END];
    const content = [...unsigned(this.#locals.length), ...locals, ...this.#code, ...end];
    return [...unsigned(content.length), ...content];
  }

  #emit(...parts: readonly (readonly number[])[]): void {
    for (const part of parts) this.#code.push(...part);
  }
}
