import { TransactionRejected } from '../errors.ts';
import type { Call } from '../connection/decorated.ts';
import type { Link } from '../connection/link.ts';
import { bestBlock, blockHashAt } from './blocks.ts';
import { inclusionIn } from './inclusion.ts';
import type { Inclusion } from './inclusion.ts';
import type { Milestone } from './send.ts';

/** No transaction of ours lives for more blocks than this. */
const LONGEST_ERA = 256;
const BETWEEN_LOOKS_MS = 500;

/**
 * Looks for a transaction in the blocks since it was signed, after its watcher was lost with the connection. It is sent
 * once more first: the node refuses it when it has it already, and a transaction cannot be executed twice.
 */
export async function recover(
  link: Link,
  signed: Call,
  { fromBlock, milestone, signal }: { fromBlock: number; milestone: Milestone; signal: AbortSignal },
): Promise<Inclusion> {
  await link
    .request('Sending again', 'author_submitExtrinsic', [signed.toHex()], { signal })
    .catch(() => undefined);
  let next = fromBlock;
  while (next <= fromBlock + LONGEST_ERA) {
    signal.throwIfAborted();
    const last = await bestBlock(link, { signal }, milestone);
    for (; next <= last; next++) {
      const hash = await blockHashAt(link, next, { signal });
      const look = `Reading block ${next}`;
      const found = await link.read(look, (api) => inclusionIn(api, hash, signed), { signal });
      if (found) return found;
    }
    await pause(BETWEEN_LOOKS_MS, signal);
  }
  throw new TransactionRejected(
    'TRANSACTION_EXPIRED',
    'No block took the transaction while it was valid. Nothing was done; try again.',
    { fault: 'transient' },
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
