export { Body } from './body.ts';
export { call, i32, i64, select, selectLong, span } from './expression.ts';
export type { Callee, Local, Long, Variable, Word } from './expression.ts';
export { WasmModule } from './module.ts';
