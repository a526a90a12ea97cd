export const UNKNOWN = `0x${'12'.repeat(32)}`;
export const LIMITS = {
  pinnedBlocks: 20,
  unfinalizedBlocks: 40,
  operationsPerFollow: 16,
  followsPerConnection: 2,
  pageItems: 2,
};

export const newBlock = (blockHash: string, parentBlockHash: string): object => ({
  event: 'newBlock',
  blockHash,
  parentBlockHash,
  newRuntime: null,
});

export const request = (id: number, method: string, params: unknown[]): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
