import { blake2b256 } from '@hamster/crypto';
import { Header, type Runtime } from '@hamster/frame';
import { createRuntime, PRESETS, VERSION } from '@hamster/runtime';
import { EMPTY_ROOT, trieRoot } from '@hamster/state';
import { u64 } from '@hamster/scale';
import { describe, expect, it } from 'vitest';
import { codeEntries, generateRuntimeWasm, RuntimeWasmError } from '../src/index.ts';
import { hexOf } from './support/client.ts';
import { acceptGenesis } from './support/light-client.ts';
import { WasmProgram } from './support/program.ts';

const key = (name: string) => hexOf(new TextEncoder().encode(name));
const runtime = createRuntime({ code: codeEntries });
const genesis = () => [...runtime.genesis(PRESETS.dev)];

/** The rules, as the next release may have them. */
const released = (specVersion: number): Runtime => ({
  ...runtime,
  version: { ...VERSION, specVersion },
  call: (state, method, args) => {
    const answer = runtime.call(state, method, args);
    if (method !== 'Core_version') return answer;
    // Behind two names and the authoring version.
    return new Uint8Array(answer).fill(specVersion, 8 + 11 + 4, 8 + 11 + 5);
  },
});

describe('the genesis of a chain', () => {
  it('has the program under `:code`, and how much memory it may have', () => {
    const entries = new Map(genesis().map(([name, value]) => [hexOf(name), value]));
    expect(entries.get(key(':code'))).toEqual(generateRuntimeWasm(createRuntime()));
    expect(u64.decode(entries.get(key(':heappages')) ?? new Uint8Array())).toBe(512n);
  });

  it('is the same on every machine: the same rules give the same bytes', () => {
    expect(generateRuntimeWasm(createRuntime())).toEqual(generateRuntimeWasm(createRuntime()));
  });

  it('is taken by an unmodified smoldot, which computes the same hash', async () => {
    const header = Header.encode({
      parent_hash: new Uint8Array(32),
      number: 0,
      state_root: trieRoot(genesis(), VERSION.stateVersion),
      extrinsics_root: EMPTY_ROOT,
      digest: { logs: [] },
    });
    const { genesisHash, complaints } = await acceptGenesis(genesis());
    expect(genesisHash).toBe(hexOf(blake2b256(header)));
    expect(complaints.filter((text) => !/bootnodes|occupied the CPU/.test(text))).toEqual([]);
  });

  it('without the program is not taken', async () => {
    await expect(acceptGenesis(createRuntime().genesis(PRESETS.dev))).rejects.toThrow(/RuntimeNotFound/);
  });
});

const NEXT = VERSION.specVersion + 1;

describe('a new version of the rules', () => {
  it('has a program of its own: no old one can be shipped', () => {
    const [now, next] = [generateRuntimeWasm(runtime), generateRuntimeWasm(released(NEXT))];
    expect(Buffer.compare(now, next)).not.toBe(0);
    for (const [code, specVersion] of [
      [now, VERSION.specVersion],
      [next, NEXT],
    ] as const) {
      const { module } = new WasmProgram(code);
      const [section = new ArrayBuffer()] = WebAssembly.Module.customSections(module, 'runtime_version');
      expect(new DataView(section).getUint32(8 + 11 + 4, true)).toBe(specVersion);
    }
  });

  it('whose weights the program could not compute gets none', () => {
    const odd: Runtime = {
      ...runtime,
      call: (state, method, args) => {
        const answer = runtime.call(state, method, args);
        if (method !== 'TransactionPaymentCallApi_query_call_info') return answer;
        // A remark whose weight is the parity of its length: 2 or 3 picoseconds, in compact form.
        return Uint8Array.of((2 + (args.length % 2)) << 2, ...answer.subarray(4));
      },
    };
    expect(() => generateRuntimeWasm(odd)).toThrow(RuntimeWasmError);
  });
});
