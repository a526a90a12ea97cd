import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call, i32, i64, WasmModule } from '../src/emit/index.ts';
import { signed, unsigned } from '../src/emit/leb.ts';
import { RuntimeWasmError } from '../src/index.ts';

const exportsOf = (module: WasmModule, imports: WebAssembly.Imports = {}) =>
  new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: imports }).exports as Record<
    string,
    (...args: readonly (number | bigint)[]) => number | bigint
  >;

describe('LEB128', () => {
  it('reads back as it was written', () => {
    const value = (bytes: number[]) => bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (number) => {
        expect(value(unsigned(number))).toBe(BigInt(number));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (number) => {
        const bytes = signed(number);
        expect(BigInt.asIntN(7 * bytes.length, value(bytes))).toBe(number);
      }),
    );
  });
});

describe('a module', () => {
  it('computes with literals of any size', () => {
    const module = new WasmModule();
    module.export(
      'add',
      module.function(['i64'], 'i64', (body, value) => body.return(i64.add(value, 1n << 63n))),
    );
    module.export(
      'mask',
      module.function(['i32'], 'i32', (body, value) => body.return(i32.and(value, 0xffff_0000))),
    );
    const { add, mask } = exportsOf(module);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.integer(), (long, word) => {
        expect(BigInt.asUintN(64, BigInt(add?.(long) ?? 0n))).toBe(BigInt.asUintN(64, long + (1n << 63n)));
        expect(Number(mask?.(word)) >>> 0).toBe((word & 0xffff_0000) >>> 0);
      }),
    );
  });

  it('has branches, loops, locals, globals, data, and functions that call each other and the host', () => {
    const module = new WasmModule();
    const host = module.importFunction('double', ['i32'], 'i32');
    const total = module.global('i32');
    const bytes = module.memory.data(Uint8Array.of(1, 2, 3, 4));
    const definedLater = module.declare(['i32'], 'i32');
    const isAny = module.function(['i32'], 'i32', (body, value) => {
      body.if(value, () => body.return(call(definedLater, i32.sub(value, 1))));
      body.return(0);
    });
    module.define(definedLater, (body) => {
      const value = body.word(1);
      body.return(value);
    });
    const sum = module.function(['i32'], 'i32', (body, length) => {
      const index = body.local('i32');
      body.set(total, 0);
      body.while(i32.lt(index, length), () => {
        body.set(total, i32.add(total, i32.load8(i32.add(bytes, index))));
        body.set(index, i32.add(index, 1));
      });
      body.if(
        call(isAny, length),
        () => body.return(call(host, total)),
        () => body.return(total),
      );
    });
    module.export('sum', sum);
    const { sum: run } = exportsOf(module, { double: ((value: number) => value * 2) as never });
    expect([0, 1, 2, 3, 4].map((length) => run?.(length))).toEqual([0, 2, 6, 12, 20]);
  });

  it('says what is wrong with it', () => {
    const module = new WasmModule();
    const once = module.function([], 'none', (body) => body.return());
    expect(() => module.define(once, (body) => body.trap())).toThrow(RuntimeWasmError);
    expect(() => module.importFunction('late', [], 'none')).toThrow(/before the first function/);
  });
});
