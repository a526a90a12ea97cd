import { fromHex } from '@hamster/crypto';
import { concatBytes, type Runtime } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import { WasmModule } from './emit/index.ts';
import { readRuntime, type RuntimeFacts } from './facts/facts.ts';
import { entriesOf, unanswered } from './program/entries.ts';
import { composeProgram } from './program/program.ts';

/** Where Substrate's nodes and light clients look for the version before they run anything. */
const addVersionSections = (module: WasmModule, { version, oracle }: RuntimeFacts): void => {
  const apis = version.apis.map(([id, number]) => concatBytes(fromHex(id), u32.encode(number)));
  module.custom('runtime_version', oracle.ask('Core_version'));
  module.custom('runtime_apis', concatBytes(...apis));
};

/**
 * The WebAssembly of this runtime for `:code`. It has an entry for every runtime API that the metadata lists; those
 * that need the rules end with a message. The same runtime gives the same bytes. @throws RuntimeWasmError
 */
export const generateRuntimeWasm = (runtime: Runtime): Uint8Array => {
  const facts = readRuntime(runtime);
  const module = new WasmModule();
  const parts = { program: composeProgram(module, facts), facts };
  const entries = entriesOf(parts);
  for (const method of facts.metadata.methods) {
    const build = entries.get(method) ?? unanswered(parts, method);
    module.export(method, module.function(['i32', 'i32'], 'i64', build));
  }
  addVersionSections(module, facts);
  return module.encode();
};
