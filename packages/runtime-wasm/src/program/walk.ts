import type { PortableType } from '@hamster/scale';
import {
  type Body,
  call,
  type Callee,
  i32,
  i64,
  type Long,
  type Variable,
  type WasmModule,
} from '../emit/index.ts';
import type { CallCost, CallFacts, ListCost, PalletCalls } from '../facts/costs.ts';
import { callsIn, CLASS } from '../facts/inner-class.ts';
import { type MetadataFacts, typeAt } from '../facts/metadata.ts';
import { PRIMITIVE_SIZES } from '../facts/sample.ts';
import type { Cursor } from './cursor.ts';

/** Calls inside of calls, no deeper than the runtime reads them. */
const MAX_DEPTH = 256;
/** Items that have no bytes are bounded by nothing else. */
const MAX_EMPTY_ITEMS = 4096;

/** The sum over a call and the calls inside of it; the class is that of the outermost or of all inside, payment that of the outermost. */
export interface CallInfoVariables {
  readonly refTime: Variable<'i64'>;
  readonly proofSize: Variable<'i64'>;
  readonly class: Variable<'i32'>;
  readonly pays: Variable<'i32'>;
}

export interface CallWalkerParts {
  readonly module: WasmModule;
  readonly cursor: Cursor;
  readonly metadata: MetadataFacts;
  readonly calls: readonly PalletCalls[];
}

type Walk = (body: Body) => void;

/**
 * Functions that pass over a value of a type, one for each type that a call may contain: so a call that does not
 * decode is told from one that does, and calls inside of calls are found wherever they are.
 */
export class CallWalker {
  readonly info: CallInfoVariables;
  readonly #parts: CallWalkerParts;
  readonly #functions = new Map<number, Callee<'none'>>();
  readonly #sizes = new Map<number, number | undefined>();
  readonly #depth: Variable<'i32'>;

  constructor(parts: CallWalkerParts) {
    const { module } = parts;
    this.#parts = parts;
    this.#depth = module.global('i32');
    this.info = {
      refTime: module.global('i64'),
      proofSize: module.global('i64'),
      class: module.global('i32'),
      pays: module.global('i32'),
    };
  }

  /** Passes over a call at the cursor, and finds out its weight, its class, and whether it pays. */
  walkCall(): Callee<'none'> {
    const { module, metadata } = this.#parts;
    const walk = this.#functionOf(metadata.callType);
    return module.function([], 'none', (body) => {
      body.set(this.info.refTime, 0n);
      body.set(this.info.proofSize, 0n);
      body.set(this.#depth, 0);
      body.run(call(walk));
    });
  }

  #functionOf(type: number): Callee<'none'> {
    const known = this.#functions.get(type);
    if (known) return known;
    const { module, metadata } = this.#parts;
    // Declared first: a type may contain itself.
    const callee = module.declare([], 'none');
    this.#functions.set(type, callee);
    const walk = type === metadata.callType ? this.#runtimeCall() : this.#walkOf(this.#def(type));
    module.define(callee, walk);
    return callee;
  }

  #def(type: number): PortableType['def'] {
    return typeAt(this.#parts.metadata.types, type).def;
  }

  #pass(type: number): Walk {
    const size = this.#sizeOf(type);
    const { skip } = this.#parts.cursor;
    if (size === 0) return () => undefined;
    const callee = size === undefined ? this.#functionOf(type) : undefined;
    return (body) => body.run(callee ? call(callee) : call(skip, size ?? 0));
  }

  #passAll(types: readonly number[]): Walk {
    const walks = types.map((type) => this.#pass(type));
    return (body) => walks.forEach((walk) => walk(body));
  }

  #walkOf(def: PortableType['def']): Walk {
    const { cursor } = this.#parts;
    switch (def.tag) {
      case 'primitive':
        return def.value.tag === 'bool'
          ? (body) => body.if(i32.gt(call(cursor.u8), 1), () => body.set(cursor.fault, 1))
          : (body) => body.run(call(cursor.skip, call(cursor.length)));
      case 'compact':
        return this.#compact(def.value);
      case 'sequence':
        return this.#list(def.value);
      case 'array':
        return this.#repeat(def.value.type, (body) => body.word(def.value.len));
      case 'tuple':
        return this.#passAll(def.value);
      case 'composite':
        return this.#passAll(def.value.map(({ type }) => type));
      case 'variant':
        return this.#variant(
          def.value.map(({ index, fields }) => [index, this.#passAll(fields.map(({ type }) => type))]),
        );
    }
  }

  #compact(type: number): Walk {
    const { cursor } = this.#parts;
    const size = this.#sizeOf(type) ?? 0;
    if (size === 0) return () => undefined;
    if (size === 16) return (body) => body.run(call(cursor.compact));
    return (body) => body.run(call(cursor.compactUpTo, (1n << BigInt(8 * size)) - 1n));
  }

  /** A list of calls, behind which the class is that of all of them together. */
  #listOfCalls(cost?: ListCost): Walk {
    const { metadata } = this.#parts;
    return (body) => {
      const all = body.word(0);
      const isNormal = i32.ne(this.info.class, CLASS.operational);
      const pass = this.#list(metadata.callType, cost, {
        before: (count) => body.set(all, i32.ne(count, 0)),
        each: () => body.if(isNormal, () => body.set(all, 0)),
      });
      pass(body);
      body.set(this.info.class, CLASS.normal);
      body.if(all, () => body.set(this.info.class, CLASS.operational));
    };
  }

  #list(item: number, cost?: ListCost, on?: { before(count: Variable<'i32'>): void; each(): void }): Walk {
    const { cursor } = this.#parts;
    const pass = this.#repeat(
      item,
      (body) => {
        const count = body.word(call(cursor.length));
        if (cost) this.#charge(body, cost, count);
        on?.before(count);
        return count;
      },
      on?.each,
    );
    return pass;
  }

  /** Charges for a list of `count` items what its call says. */
  #charge(body: Body, { from, every, weight }: ListCost, count: Variable<'i32'>): void {
    body.if(i32.ge(count, from), () => {
      const steps = body.long(i64.extend(i32.add(i32.div(i32.sub(count, from), every), 1)));
      this.#add(body, i64.mul(steps, weight.ref_time), i64.mul(steps, weight.proof_size));
    });
  }

  #add(body: Body, refTime: Long, proofSize: Long): void {
    body.set(this.info.refTime, i64.add(this.info.refTime, refTime));
    body.set(this.info.proofSize, i64.add(this.info.proofSize, proofSize));
  }

  #repeat(item: number, countOf: (body: Body) => Variable<'i32'>, each?: () => void): Walk {
    const { cursor } = this.#parts;
    const size = this.#sizeOf(item);
    const pass = this.#pass(item);
    return (body) => {
      const count = countOf(body);
      if (size === 0) {
        body.if(i32.gt(count, MAX_EMPTY_ITEMS), () => body.set(cursor.fault, 1));
        return;
      }
      // Every item has a byte at least: this bounds the loop, and the product below.
      body.if(i32.gt(count, i32.sub(cursor.end, cursor.at)), () => body.set(cursor.fault, 1));
      if (size === 1) {
        body.if(i32.not(cursor.fault), () => body.run(call(cursor.skip, count)));
        return;
      }
      body.while(i32.and(i32.ne(count, 0), i32.not(cursor.fault)), () => {
        pass(body);
        each?.();
        body.set(count, i32.sub(count, 1));
      });
    };
  }

  #variant(arms: readonly (readonly [index: number, walk: Walk])[]): Walk {
    const { cursor } = this.#parts;
    return (body) => {
      const tag = body.word(call(cursor.u8));
      body.if(cursor.fault, () => body.return());
      for (const [index, walk] of arms) {
        body.if(i32.eq(tag, index), () => {
          walk(body);
          body.return();
        });
      }
      body.set(cursor.fault, 1);
    };
  }

  #runtimeCall(): Walk {
    const { cursor, calls } = this.#parts;
    const pallets = this.#variant(calls.map(({ index, calls: all }) => [index, this.#palletCall(all)]));
    const walk = this.#parts.module.declare([], 'none');
    this.#parts.module.define(walk, pallets);
    return (body) => {
      body.if(i32.gt(this.#depth, MAX_DEPTH), () => {
        body.set(cursor.fault, 1);
        body.return();
      });
      body.set(this.#depth, i32.add(this.#depth, 1));
      body.run(call(walk));
      body.set(this.#depth, i32.sub(this.#depth, 1));
    };
  }

  #palletCall(calls: readonly CallFacts[]): Walk {
    const { module } = this.#parts;
    const callee = module.declare([], 'none');
    const arms = calls.map(({ index, fields, cost }) => [index, this.#arguments(fields, cost)] as const);
    module.define(callee, this.#variant(arms));
    return (body) => body.run(call(callee));
  }

  #arguments(fields: readonly number[], cost: CallCost): Walk {
    const walks = fields.map((type, index) => {
      const isList = cost.isOfItsCalls && callsIn(this.#parts.metadata, type) === 'list';
      const listCost = cost.lists.find(({ field }) => field === index);
      if (isList) return this.#listOfCalls(listCost);
      return listCost ? this.#listArgument(type, listCost) : this.#pass(type);
    });
    return (body) => {
      for (const walk of walks) walk(body);
      this.#add(body, cost.weight.ref_time, cost.weight.proof_size);
      this.#settleClass(body, cost);
      body.set(this.info.pays, cost.pays ? 1 : 0);
    };
  }

  /** Behind the arguments: a call of the class of those inside of it has theirs by now, if that is not mandatory. */
  #settleClass(body: Body, cost: CallCost): void {
    if (!cost.isOfItsCalls) return body.set(this.info.class, cost.class);
    body.if(i32.eq(this.info.class, CLASS.mandatory), () => body.set(this.info.class, CLASS.normal));
  }

  #listArgument(type: number, cost: ListCost): Walk {
    const def = this.#def(type);
    return def.tag === 'sequence' ? this.#list(def.value, cost) : this.#pass(type);
  }

  /** Size of every value of the type, whatever its bytes are; undefined when values differ in size, or can be wrong. */
  #sizeOf(type: number): number | undefined {
    if (!this.#sizes.has(type)) {
      // A type that contains itself has no fixed size.
      this.#sizes.set(type, undefined);
      this.#sizes.set(type, this.#fixedSize(this.#def(type)));
    }
    return this.#sizes.get(type);
  }

  #fixedSize(def: PortableType['def']): number | undefined {
    switch (def.tag) {
      case 'primitive':
        return def.value.tag === 'str' || def.value.tag === 'bool'
          ? undefined
          : PRIMITIVE_SIZES[def.value.tag];
      case 'array': {
        const item = this.#sizeOf(def.value.type);
        return item === undefined ? undefined : item * def.value.len;
      }
      case 'tuple':
        return this.#sumOf(def.value);
      case 'composite':
        return this.#sumOf(def.value.map(({ type }) => type));
      case 'compact':
        // `Compact<()>` has no bytes.
        return this.#sizeOf(def.value) === 0 ? 0 : undefined;
      case 'sequence':
      case 'variant':
        return undefined;
    }
  }

  #sumOf(types: readonly number[]): number | undefined {
    return types.reduce<number | undefined>((sum, type) => {
      const size = this.#sizeOf(type);
      return sum === undefined || size === undefined ? undefined : sum + size;
    }, 0);
  }
}
