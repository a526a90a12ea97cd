import type { RuntimeVersion } from '@hamster/frame';

/** BLAKE2b-64 of each runtime API's name, and its version: clients look for them. Substrate's first, then our own. */
export const API_IDS = {
  Core: ['0xdf6acb689907609b', 5],
  Metadata: ['0x37e397fc7c91f5e4', 2],
  BlockBuilder: ['0x40fe3ad401f8959a', 6],
  TaggedTransactionQueue: ['0xd2bc9897eed08f15', 3],
  AccountNonceApi: ['0xbc9d89904f5b923f', 1],
  TransactionPaymentApi: ['0x37c8bb1350a9a2a8', 4],
  TransactionPaymentCallApi: ['0xf3ff14d5ab527059', 3],
  RuntimeViewFunction: ['0xccd9de6396c899ca', 1],
  MarketApi: ['0x7681e51ce35012d3', 1],
  LeasesApi: ['0x37390f572686c301', 1],
  WithdrawableApi: ['0xda9606ec59023436', 1],
  AuraApi: ['0xdd718d5cc53262d4', 1],
  GrandpaApi: ['0xed99c5acb25eedf5', 3],
} as const;

/** Raise `specVersion` with every change of the rules, `transactionVersion` when calls or extensions change their encoding. */
export const VERSION: RuntimeVersion = {
  specName: 'hamster',
  implName: 'hamster-ts',
  authoringVersion: 1,
  specVersion: 3,
  implVersion: 1,
  transactionVersion: 2,
  stateVersion: 1,
  apis: Object.values(API_IDS),
};
