export { codeEntries } from './code-entries.ts';
export { RuntimeWasmError } from './errors.ts';
export type { RuntimeWasmErrorCode } from './errors.ts';
export { generateRuntimeWasm } from './generate.ts';
