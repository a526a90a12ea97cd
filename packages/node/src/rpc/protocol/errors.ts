/** An answer with an error in it. `rpcCode`, `message` and `data` go to the client as they are. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code = 'RPC_ERROR';
  readonly rpcCode: number;
  readonly data: string | number | undefined;

  constructor(rpcCode: number, message: string, data?: string | number) {
    super(message);
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

/** Codes of JSON-RPC 2.0, of jsonrpsee (which Substrate serves with), of Substrate and of the chainHead specification. */
export const ERROR_CODES = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  tooManySubscriptions: -32006,
  requestTooLarge: -32007,
  responseTooLarge: -32008,
  batchTooLarge: -32010,
  batchResponseTooLarge: -32011,
  followLimit: -32800,
  blockNotPinned: -32801,
  followWithoutRuntime: -32802,
  notWaitingForContinue: -32803,
  duplicateHashes: -32804,
  badFormat: 1001,
  author: 1040,
  /** Of system_*ReservedPeer: the address or the peer id is none. */
  peer: 2002,
  /** Of payment_* and system_dryRun: the runtime failed, or could not be asked. */
  runtime: 1,
  /** Of the same: the extrinsic is none. */
  undecodable: 2,
  chain: 3001,
  /** Of archive_v1_*, which shares it with chain_*. */
  archiveParameter: 3001,
  invalidBlockRange: 4001,
  countTooHigh: 4002,
  offchainKind: 5001,
  blockExecution: 6003,
  grandpaProof: 4,
  client: 4003,
} as const;

export const invalidParams = (detail: string): RpcError =>
  new RpcError(ERROR_CODES.invalidParams, 'Invalid params', detail);

export const parseError = (): RpcError => new RpcError(ERROR_CODES.parse, 'Parse error');

export const invalidRequest = (): RpcError => new RpcError(ERROR_CODES.invalidRequest, 'Invalid request');

export const internalError = (): RpcError => new RpcError(ERROR_CODES.internal, 'Internal error');

export const methodNotFound = (): RpcError => new RpcError(ERROR_CODES.methodNotFound, 'Method not found');

export const unsafeMethod = (): RpcError =>
  new RpcError(ERROR_CODES.methodNotFound, 'RPC call is unsafe to be called externally');

/** -32601 would say that this node does not have the method at all. */
export const needsWebSocket = (): RpcError =>
  new RpcError(ERROR_CODES.internal, 'Internal error', 'This method needs a WebSocket connection');

const overLimit = (code: number, message: string, max: number): RpcError =>
  new RpcError(code, message, `Exceeded max limit of ${max}`);

export const requestTooLarge = (maxBytes: number): RpcError =>
  overLimit(ERROR_CODES.requestTooLarge, 'Request is too big', maxBytes);

export const tooManyMarks = (max: number): RpcError =>
  new RpcError(
    ERROR_CODES.requestTooLarge,
    'Request is too big',
    `Exceeded max limit of ${max} brackets, colons, commas and backslashes`,
  );

export const responseTooLarge = (maxBytes: number): RpcError =>
  overLimit(ERROR_CODES.responseTooLarge, 'Response is too big', maxBytes);

export const batchTooLarge = (max: number): RpcError =>
  overLimit(ERROR_CODES.batchTooLarge, 'The batch request was too large', max);

export const batchResponseTooLarge = (maxBytes: number): RpcError =>
  overLimit(ERROR_CODES.batchResponseTooLarge, 'The batch response was too large', maxBytes);

export const tooManySubscriptions = (max: number): RpcError =>
  overLimit(ERROR_CODES.tooManySubscriptions, 'Too many subscriptions on the connection', max);

export const unknownHeader = (hash: string): string =>
  `UnknownBlock: Header was not found in the database: ${hash}`;

export const unknownBlock = (hash: string): RpcError =>
  new RpcError(ERROR_CODES.client, `Client error: ${unknownHeader(hash)}`);

export const invalidChildStorageKey = (): RpcError =>
  new RpcError(ERROR_CODES.client, 'Client error: Invalid child storage key');

/**
 * Of `author_submitExtrinsic`: bytes that are not even as many as they say, and what is wrong with them. Substrate has another
 * code for those that are watched.
 */
export const notEvenOpaque = (fault: string): RpcError =>
  new RpcError(ERROR_CODES.author, `Client error: ${fault}`);

/** The same of `author_submitAndWatchExtrinsic`. */
export const badExtrinsicFormat = (fault: string): RpcError =>
  new RpcError(ERROR_CODES.badFormat, `Extrinsic has invalid format: ${fault}`);

export const badKeyType = (): RpcError =>
  new RpcError(ERROR_CODES.author, 'Invalid key type ID format (should be of length four)');

export const badSessionKeys = (): RpcError =>
  new RpcError(ERROR_CODES.author, 'Session keys are not encoded correctly');

/** All that Substrate says, of a secret that is none or not that of the public key, too. */
export const keyStoreUnavailable = (): RpcError =>
  new RpcError(ERROR_CODES.author, 'The key store is unavailable');

/** `what` could not be done because the runtime failed, or because the block's state is not there. */
export const runtimeError = (what: string, detail: string): RpcError =>
  new RpcError(ERROR_CODES.runtime, what, detail);

export const undecodable = (what: string, detail: string): RpcError =>
  new RpcError(ERROR_CODES.undecodable, what, detail);

export const unavailableStorageKind = (): RpcError =>
  new RpcError(ERROR_CODES.offchainKind, 'This storage kind is not available yet');

export const blockExecutionFailed = (): RpcError =>
  new RpcError(ERROR_CODES.blockExecution, 'Failed to re-execute the specified block');

/** Of `grandpa_proveFinality`. */
export const notYetFinal = (): RpcError =>
  new RpcError(ERROR_CODES.grandpaProof, 'GRANDPA prove finality rpc failed: Block not yet finalized');

export const blockNumberTooHigh = (number: string): RpcError =>
  new RpcError(ERROR_CODES.chain, `\`${number}\` > u32::MAX, the max block number is u32.`);

/** The same where Substrate gets to the block by its runtime's API, not by its state: clients tell a pruned block by these words. */
export const unknownToApi = (fault: string): string =>
  fault.replace('UnknownBlock', 'Api called for an unknown Block');

export const discardedState = (hash: string): string => `UnknownBlock: State already discarded for ${hash}`;

export const stateDiscarded = (hash: string): RpcError =>
  new RpcError(ERROR_CODES.client, `Client error: ${discardedState(hash)}`);

export const executionFailed = (fault: string): RpcError =>
  new RpcError(ERROR_CODES.client, `Client error: ${fault}`);

export const timedOut = (): RpcError => new RpcError(ERROR_CODES.client, 'Client error: task timed out');

/** In the words of Substrate, quotes and all. `from` and `to` say which blocks are meant. */
export const invalidBlockRange = (from: string, to: string, why: string): RpcError =>
  new RpcError(
    ERROR_CODES.invalidBlockRange,
    `Cannot resolve a block range ['"${from}"' ... '"${to}"]. ${why}`,
  );

export const countTooHigh = (value: number, max: number): RpcError =>
  new RpcError(ERROR_CODES.countTooHigh, `count exceeds maximum value. value: ${value}, max: ${max}`);
