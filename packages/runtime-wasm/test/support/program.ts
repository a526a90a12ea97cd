import { concatBytes, type StateReader } from '@hamster/frame';
import { Host } from './host.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: { readonly value: number };
}

type ApiFunction = (address: number, length: number) => bigint;

export interface Answer {
  readonly bytes: Uint8Array;
  /** Keys of the state that were asked for. */
  readonly reads: readonly Uint8Array[];
}

/** The generated module in Node's own WebAssembly: every call gets a fresh instance, as in Substrate. */
export class WasmProgram {
  readonly module: WebAssembly.Module;

  constructor(code: Uint8Array) {
    this.module = new WebAssembly.Module(code);
  }

  /** @throws Aborted */
  run(state: StateReader, method: string, ...args: readonly Uint8Array[]): Answer {
    const host = new Host(state);
    const instance = new WebAssembly.Instance(this.module, { env: host.imports() });
    const { memory, __heap_base: heapBase } = instance.exports as unknown as Exports;
    host.attach(memory, heapBase.value);
    const input = concatBytes(...args);
    const api = instance.exports[method] as ApiFunction | undefined;
    if (!api) throw new RangeError(`the module exports no ${method}`);
    const span = api(host.write(input), input.length);
    return { bytes: host.readSpan(span), reads: host.reads };
  }

  call(state: StateReader, method: string, ...args: readonly Uint8Array[]): Uint8Array {
    return this.run(state, method, ...args).bytes;
  }
}
