import type { ApiPromise } from '@polkadot/api';
import type { EventRecord } from '@polkadot/types/interfaces';
import type { Call } from '../connection/decorated.ts';

/** Where a transaction ended up, with its own events. */
export interface Inclusion {
  readonly blockHash: `0x${string}`;
  readonly records: readonly EventRecord[];
}

/** The transaction in this block, or undefined when it is not there. */
export async function inclusionIn(
  api: ApiPromise,
  blockHash: string,
  signed: Call,
): Promise<Inclusion | undefined> {
  const { block } = await api.rpc.chain.getBlock(blockHash);
  const index = block.extrinsics.findIndex((extrinsic) => extrinsic.hash.eq(signed.hash));
  if (index < 0) return undefined;
  const at = await api.at(blockHash);
  const records = (await at.query['system']?.['events']?.()) as unknown as EventRecord[] | undefined;
  const own = (records ?? []).filter(
    ({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.eqn(index),
  );
  return { blockHash: block.header.hash.toHex(), records: own };
}
