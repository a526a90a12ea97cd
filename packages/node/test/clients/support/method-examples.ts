import { expect } from 'vitest';
import type { SignedTransfer } from './signed-transfer.ts';

/** What the examples speak of: a chain with a few blocks, and things of the connection that asks. */
export interface Known {
  readonly genesis: string;
  readonly best: string;
  readonly follow: string;
  /** Four with nonces in a row; the first has been executed. */
  readonly transfers: readonly SignedTransfer[];
}

export interface Example {
  readonly params: readonly unknown[];
  /** What the answer has to equal. */
  readonly result?: unknown;
  /** For a method that can only refuse what this connection can ask for. */
  readonly code?: number;
}

type ExampleOf = (known: Known) => Example;

const CODE = '0x3a636f6465';
const CHILD = `0x${Buffer.from(':child_storage:default:x').toString('hex')}`;
/** The keys of //Alice: sr25519 and ed25519. */
const AURA = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const GRANDPA = '0x88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee';
const HEX: unknown = expect.stringMatching(/^0x([0-9a-f]{2})*$/);
const HASH: unknown = expect.stringMatching(/^0x[0-9a-f]{64}$/);
const QUANTITY: unknown = expect.stringMatching(/^0x[0-9a-f]+$/);
const TEXT: unknown = expect.any(String);
const NUMBER: unknown = expect.any(Number);
const SUBSCRIPTION: unknown = expect.stringMatching(/^[\w-]{16}$/);
const STARTED = { result: 'started', operationId: SUBSCRIPTION };
/** None, or those of GRANDPA: its name in bytes, and the bytes of the justification. */
const JUSTIFICATIONS: unknown = expect.toSatisfy(
  (value) => value === null || (Array.isArray(value) && value.length > 0),
);
const HEADER = {
  parentHash: HASH,
  number: QUANTITY,
  stateRoot: HASH,
  extrinsicsRoot: HASH,
  digest: { logs: expect.any(Array) as unknown },
};
const VERSION = {
  specName: 'hamster',
  implName: TEXT,
  authoringVersion: NUMBER,
  specVersion: NUMBER,
  implVersion: NUMBER,
  transactionVersion: NUMBER,
  systemVersion: 1,
  stateVersion: 1,
  apis: expect.arrayContaining([[expect.stringMatching(/^0x[0-9a-f]{16}$/), NUMBER]]) as unknown,
};

const gives =
  (result: unknown, ...params: readonly unknown[]): ExampleOf =>
  () => ({ params, result });
const subscribes = gives(SUBSCRIPTION);
/** Nothing of this connection has the id "x". */
const unsubscribes = gives(false, 'x');
const refuses = (code: number, ...params: readonly unknown[]): ExampleOf => {
  return () => ({ params, code });
};

const system: Record<string, ExampleOf> = {
  system_chain: gives('Hamster Development'),
  system_chainType: gives('Development'),
  system_name: gives(TEXT),
  system_version: gives(expect.stringMatching(/^\d+\.\d+\.\d+/)),
  system_properties: gives({ ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' }),
  system_health: gives({ peers: NUMBER, isSyncing: false, shouldHavePeers: expect.any(Boolean) }),
  system_localPeerId: gives(TEXT),
  system_localListenAddresses: gives(expect.any(Array)),
  system_peers: gives(expect.any(Array)),
  system_reservedPeers: gives([]),
  system_addReservedPeer: refuses(2002, '/ip4/127.0.0.1/tcp/30333'),
  system_removeReservedPeer: refuses(2002, 'nobody'),
  system_addLogFilter: gives(null, 'info'),
  system_resetLogFilter: gives(null),
  system_nodeRoles: gives(['Authority']),
  system_syncState: gives({ startingBlock: 0, currentBlock: NUMBER, highestBlock: NUMBER }),
  system_accountNextIndex: ({ transfers }) => ({ params: [transfers[0]?.sender], result: NUMBER }),
  account_nextIndex: ({ transfers }) => ({ params: [transfers[0]?.sender], result: NUMBER }),
  // Ok(Ok(())).
  system_dryRun: ({ transfers, best }) => ({ params: [transfers[1]?.hex, best], result: '0x0000' }),
  system_dryRunAt: ({ transfers, best }) => ({ params: [transfers[1]?.hex, best], result: '0x0000' }),
  offchain_localStorageSet: gives(null, 'PERSISTENT', '0x01', '0x02'),
  offchain_localStorageGet: gives(null, 'PERSISTENT', '0xff'),
  offchain_localStorageClear: gives(null, 'PERSISTENT', '0x01'),
  rpc_methods: gives({ methods: expect.arrayContaining(['rpc_methods']) as unknown }),
  dev_getBlockStats: ({ best }) => ({
    params: [best],
    result: { witnessLen: NUMBER, witnessCompactLen: NUMBER, blockLen: NUMBER, numExtrinsics: 2 },
  }),
  dev_newBlock: gives(HASH),
  dev_timeTravel: gives(4_000_000_000_000, 4_000_000_000_000),
};

const state: Record<string, ExampleOf> = {
  state_call: gives(HEX, 'Core_version', '0x'),
  state_callAt: ({ best }) => ({ params: ['Core_version', '0x', best], result: HEX }),
  state_getMetadata: gives(expect.stringMatching(/^0x6d6574610e/)),
  state_getRuntimeVersion: gives(VERSION),
  chain_getRuntimeVersion: gives(VERSION, null),
  state_getStorage: gives(HEX, CODE),
  state_getStorageAt: ({ best }) => ({ params: [CODE, best], result: HEX }),
  state_getStorageHash: gives(HASH, CODE),
  state_getStorageHashAt: gives(HASH, CODE, null),
  state_getStorageSize: gives(NUMBER, CODE),
  state_getStorageSizeAt: gives(NUMBER, CODE, null),
  state_getKeys: gives([CODE], CODE),
  state_getKeysPaged: gives([HEX, HEX], '0x', 2, null, null),
  state_getKeysPagedAt: gives([HEX, HEX], '0x', 2),
  state_getPairs: gives([[CODE, HEX]], CODE),
  state_queryStorage: ({ genesis, best }) => ({
    params: [[CODE], genesis, best],
    result: [{ block: genesis, changes: [[CODE, HEX]] }],
  }),
  state_queryStorageAt: ({ best }) => ({
    params: [[CODE], best],
    result: [{ block: best, changes: [[CODE, HEX]] }],
  }),
  state_getReadProof: ({ best }) => ({
    params: [[CODE], best],
    result: { at: best, proof: expect.arrayContaining([HEX]) as unknown },
  }),
  state_subscribeStorage: gives(SUBSCRIPTION, [CODE]),
  state_unsubscribeStorage: unsubscribes,
  state_subscribeRuntimeVersion: subscribes,
  state_unsubscribeRuntimeVersion: unsubscribes,
  chain_subscribeRuntimeVersion: subscribes,
  chain_unsubscribeRuntimeVersion: unsubscribes,
  childstate_getKeys: gives([], CHILD, '0x'),
  childstate_getKeysPaged: gives([], CHILD, '0x', 10, null),
  childstate_getKeysPagedAt: gives([], CHILD, '0x', 10, null, null),
  childstate_getStorage: gives(null, CHILD, '0x01'),
  childstate_getStorageEntries: gives([null, null], CHILD, ['0x01', '0x02']),
  childstate_getStorageHash: gives(null, CHILD, '0x01'),
  childstate_getStorageSize: gives(null, CHILD, '0x01'),
  state_getChildReadProof: ({ best }) => ({
    params: [CHILD, ['0x01'], best],
    result: { at: best, proof: expect.arrayContaining([HEX]) as unknown },
  }),
};

const chain: Record<string, ExampleOf> = {
  chain_getBlock: ({ best }) => ({
    params: [best],
    result: { block: { header: HEADER, extrinsics: [HEX, HEX] }, justifications: JUSTIFICATIONS },
  }),
  chain_getBlockHash: ({ genesis }) => ({ params: [0], result: genesis }),
  chain_getHead: ({ genesis }) => ({ params: [[0]], result: [genesis] }),
  chain_getHeader: gives(HEADER),
  chain_getFinalizedHead: gives(HASH),
  chain_getFinalisedHead: gives(HASH),
  grandpa_proveFinality: gives(HEX, 1),
  grandpa_subscribeJustifications: subscribes,
  grandpa_unsubscribeJustifications: unsubscribes,
  chain_subscribeNewHead: subscribes,
  chain_subscribeNewHeads: subscribes,
  chain_subscribeAllHeads: subscribes,
  chain_subscribeFinalizedHeads: subscribes,
  chain_subscribeFinalisedHeads: subscribes,
  subscribe_newHead: subscribes,
  chain_unsubscribeNewHead: unsubscribes,
  chain_unsubscribeNewHeads: unsubscribes,
  chain_unsubscribeAllHeads: unsubscribes,
  chain_unsubscribeFinalizedHeads: unsubscribes,
  chain_unsubscribeFinalisedHeads: unsubscribes,
  unsubscribe_newHead: unsubscribes,
};

const transactions: Record<string, ExampleOf> = {
  author_submitExtrinsic: ({ transfers }) => ({ params: [transfers[1]?.hex], result: transfers[1]?.hash }),
  author_submitAndWatchExtrinsic: ({ transfers }) => ({ params: [transfers[2]?.hex], result: SUBSCRIPTION }),
  author_unwatchExtrinsic: unsubscribes,
  author_pendingExtrinsics: gives(expect.any(Array)),
  author_removeExtrinsic: gives([], [{ hash: AURA }]),
  author_hasKey: gives(true, AURA, 'aura'),
  author_hasSessionKeys: gives(true, `${AURA}${GRANDPA.slice(2)}`),
  author_insertKey: gives(null, 'gran', '//Alice', GRANDPA),
  author_rotateKeys: gives(expect.stringMatching(/^0x[0-9a-f]{128}$/)),
  payment_queryInfo: ({ transfers }) => ({
    params: [transfers[0]?.hex],
    result: {
      weight: { ref_time: NUMBER, proof_size: NUMBER },
      class: 'normal',
      partialFee: expect.stringMatching(/^\d+$/) as unknown,
    },
  }),
  payment_queryFeeDetails: ({ transfers }) => ({
    params: [transfers[0]?.hex, null],
    result: { inclusionFee: { baseFee: QUANTITY, lenFee: QUANTITY, adjustedWeightFee: QUANTITY } },
  }),
  transaction_v1_broadcast: ({ transfers }) => ({ params: [transfers[3]?.hex], result: SUBSCRIPTION }),
  transaction_v1_stop: refuses(-32602, 'x'),
  transactionWatch_v1_submitAndWatch: ({ transfers }) => ({
    params: [transfers[3]?.hex],
    result: SUBSCRIPTION,
  }),
  transactionWatch_v1_unwatch: unsubscribes,
};

const byFollow =
  (result: unknown, ...rest: readonly unknown[]): ExampleOf =>
  ({ follow, genesis }) => ({ params: [follow, genesis, ...rest], result });

const specification: Record<string, ExampleOf> = {
  chainSpec_v1_chainName: gives('Hamster Development'),
  chainSpec_v1_genesisHash: ({ genesis }) => ({ params: [], result: genesis }),
  chainSpec_v1_properties: gives({ ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' }),
  chainHead_v1_follow: gives(SUBSCRIPTION, false),
  chainHead_v1_unfollow: unsubscribes,
  chainHead_v1_header: byFollow(HEX),
  chainHead_v1_body: byFollow(STARTED),
  chainHead_v1_call: byFollow(STARTED, 'Core_version', '0x'),
  chainHead_v1_storage: byFollow({ ...STARTED, discardedItems: 0 }, [{ key: CODE, type: 'hash' }], null),
  chainHead_v1_continue: ({ follow }) => ({ params: [follow, 'x'], result: null }),
  chainHead_v1_stopOperation: ({ follow }) => ({ params: [follow, 'x'], result: null }),
  chainHead_v1_unpin: byFollow(null),
  archive_v1_genesisHash: ({ genesis }) => ({ params: [], result: genesis }),
  archive_v1_finalizedHeight: gives(NUMBER),
  archive_v1_hashByHeight: ({ genesis }) => ({ params: [0], result: [genesis] }),
  archive_v1_header: ({ best }) => ({ params: [best], result: HEX }),
  archive_v1_body: ({ best }) => ({ params: [best], result: [HEX, HEX] }),
  archive_v1_call: ({ best }) => ({
    params: [best, 'Core_version', '0x'],
    result: { success: true, value: HEX },
  }),
  archive_v1_storage: ({ best }) => ({
    params: [best, [{ key: CODE, type: 'value' }], null],
    result: SUBSCRIPTION,
  }),
  archive_v1_stopStorage: unsubscribes,
  archive_v1_storageDiff: ({ best }) => ({ params: [best, [{ returnType: 'hash' }]], result: SUBSCRIPTION }),
  archive_v1_stopStorageDiff: unsubscribes,
  archive_v1_storageDiff_stopStorageDiff: unsubscribes,
};

/** One use of every method that the node serves, with the shape of its answer. */
export const EXAMPLES: Readonly<Record<string, ExampleOf>> = {
  ...system,
  ...state,
  ...chain,
  ...transactions,
  ...specification,
};

/** Served to the operator alone. */
export const UNSAFE: readonly string[] = [
  'author_hasKey',
  'author_hasSessionKeys',
  'author_insertKey',
  'author_removeExtrinsic',
  'author_rotateKeys',
  'dev_getBlockStats',
  'dev_newBlock',
  'dev_timeTravel',
  'offchain_localStorageClear',
  'offchain_localStorageGet',
  'offchain_localStorageSet',
  'state_getPairs',
  'state_queryStorage',
  'system_addLogFilter',
  'system_addReservedPeer',
  'system_dryRun',
  'system_dryRunAt',
  'system_peers',
  'system_removeReservedPeer',
  'system_resetLogFilter',
];
