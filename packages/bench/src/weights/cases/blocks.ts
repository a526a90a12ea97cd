import { HAM } from '@hamster/runtime';
import type { Account } from '../../chain/accounts.ts';
import type { CallCase } from '../case.ts';
import { at, stranger } from '../cast.ts';
import type { Call, Chain } from '../chain.ts';
import { resident } from '../residents.ts';

const SOME = String(HAM);
/** As many calls as a batch may have. */
const BATCH = 256;
const SIDE = 16;

const toStranger = (chain: Chain, index: number): Call =>
  chain.call('Balances.transfer_keep_alive', { Id: stranger(index) }, SOME);

/** Whoever it is: nobody looks at signatures. */
const byAnyone = (publicKey: Uint8Array): Account => ({ publicKey, secretKey: new Uint8Array(64) });

const many = (count: number, make: (index: number) => Call): Call[] =>
  Array.from({ length: count }, (_, index) => make(index));

const batched = (name: string, callsOf: (chain: Chain, first: number) => Call[]): CallCase => ({
  call: `Utility.${name} of transfers`,
  proof: 'utility.ItemCompleted',
  make: (chain, { spare }, index) => ({
    by: at(spare, index),
    call: chain.call(`Utility.${name}`, callsOf(chain, BATCH * index)),
  }),
});

const flat = (chain: Chain, first: number): Call[] =>
  many(BATCH, (index) => toStranger(chain, first + index));

/** Batches inside of one: as many transfers, in twice as many layers. */
const nested = (chain: Chain, first: number): Call[] =>
  many(SIDE, (row) =>
    chain.call(
      'Utility.force_batch',
      many(SIDE, (column) => toStranger(chain, first + SIDE * row + column)),
    ),
  );

/** Blocks of calls that are measured elsewhere, made and put together in other ways. */
export const blockCases: readonly CallCase[] = [
  {
    call: 'Balances.transfer_all on and on',
    proof: 'system.KilledAccount',
    prepare: (chain, { root }) =>
      chain.send(root, 'Balances.transfer_keep_alive', { Id: stranger(0) }, String(1_000n * HAM)),
    make: (chain, _, index) => ({
      by: byAnyone(stranger(index)),
      call: chain.call('Balances.transfer_all', { Id: stranger(index + 1) }, false),
    }),
  },
  {
    // No two of them have a path of the trie in common, nor an entry that has been read.
    call: 'Balances.transfer_keep_alive between others each time',
    proof: 'balances.Transfer',
    make: (chain, _, index) => ({
      by: byAnyone(resident(2 * index)),
      call: chain.call('Balances.transfer_keep_alive', { Id: resident(2 * index + 1) }, SOME),
    }),
  },
  batched('batch', flat),
  batched('batch_all', flat),
  batched('force_batch', flat),
  { ...batched('batch', nested), call: 'Utility.batch of batches of transfers' },
];
