import { u32 } from '@hamster/scale';
import { expect, it } from 'vitest';
import { hashText } from '../../src/hash.ts';
import { TransactionGraph } from '../../src/pool/graph.ts';
import { PoolTransaction, type Validity } from '../../src/pool/transaction.ts';
import { Upkeep } from '../../src/pool/upkeep.ts';

/** The transactions of one signer, each behind the one before it. */
function chainOf(length: number): { transaction: PoolTransaction; validity: Validity }[] {
  return Array.from({ length }, (_, nonce) => {
    const bytes = new Uint8Array(32);
    bytes.set(u32.encode(nonce));
    const extrinsic = { bytes, signer: u32.encode(7), nonce, payload: undefined };
    const validity = {
      priority: 1n,
      requires: nonce > 0 ? [`${nonce - 1}`] : [],
      provides: [`${nonce}`],
      validUntil: 100,
    };
    const transaction = new PoolTransaction({ hash: hashText(bytes), extrinsic, sequence: nonce, validity });
    return { transaction, validity };
  });
}

it('a large block leaves the pool in slices, and nothing of it is validated again', async () => {
  const made = chainOf(8_000);
  const all = made.map(({ transaction }) => transaction);
  const included = all.slice(0, 7_990);
  const graph = new TransactionGraph();
  for (const { transaction, validity } of made) graph.add(transaction, validity);
  const revalidated: string[] = [];
  const upkeep = new Upkeep({
    graph,
    revalidatedPerBlock: 64,
    revalidate: ({ hash }) => void revalidated.push(hash),
    announce: () => undefined,
  });

  upkeep.follow(included.map(({ hash, extrinsic }) => ({ hash, extrinsic })));
  for (const each of included) expect(!each.isPooled || each.isDeparting).toBe(true);
  expect(all.slice(7_990).some(({ isDeparting }) => isDeparting)).toBe(false);
  await upkeep.departed();
  expect([...graph.transactions()].map(({ hash }) => hash)).toEqual(all.slice(7_990).map(({ hash }) => hash));
  expect(all.slice(7_990).every(({ isReady }) => isReady)).toBe(true);

  await upkeep.idle();
  expect(revalidated).toEqual([all[7_990]?.hash]);
});
