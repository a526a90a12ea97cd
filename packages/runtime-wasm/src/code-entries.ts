import type { Runtime } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import { generateRuntimeWasm } from './generate.ts';

const keyOf = (name: string): Uint8Array => new TextEncoder().encode(name);

/** 32 MiB: several times the longest extrinsic, which is all that is ever put there. */
const HEAP_PAGES = 512n;

/** What the state says about the runtime, under the names that Substrate gave it. @throws RuntimeWasmError */
export const codeEntries = (runtime: Runtime): [key: Uint8Array, value: Uint8Array][] => [
  [keyOf(':code'), generateRuntimeWasm(runtime)],
  [keyOf(':heappages'), u64.encode(HEAP_PAGES)],
];
