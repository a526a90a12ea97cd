export { assertHealthy, assertNoop, assertOk } from './assertions.ts';
export { mockChain } from './mock-chain.ts';
export type { MockChain, MockOptions } from './mock-chain.ts';
