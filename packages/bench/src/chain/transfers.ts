import { fromHex, type SignatureClaim } from '@hamster/crypto';
import { createRuntime, VERSION } from '@hamster/runtime';
import { compact, u128, u32, Writer, writeCompact } from '@hamster/scale';
import { sr25519Sign } from '#polkadot/wasm-crypto';
import { BenchError } from '../errors.ts';
import type { Account } from './accounts.ts';

/** `Balances.transfer_keep_alive`, as it is numbered on every Substrate chain's balances pallet, here at index 2. */
const TRANSFER_KEEP_ALIVE = Uint8Array.of(2, 3);
const AMOUNT = 1_000_000_000n;
const IMMORTAL = 0;
const NO_METADATA_HASH = 0;

export interface SignedTransfer {
  /** As on the wire. */
  readonly bytes: Uint8Array;
  /** What the node has to verify of it. */
  readonly claim: SignatureClaim;
}

/** `count` transfers, nonce by nonce over all accounts, each to the next account. Signing takes 0.2 ms each. */
export function signTransfers(
  senders: readonly Account[],
  count: number,
  genesisHash: string,
): SignedTransfer[] {
  const genesis = fromHex(genesisHash);
  const signed = Array.from({ length: count }, (_, index) => {
    const sender = senders[index % senders.length];
    const receiver = senders[(index + 1) % senders.length];
    if (!sender || !receiver) throw new BenchError('BENCH_USAGE', 'There have to be accounts to sign with');
    const nonce = Math.floor(index / senders.length);
    return signTransfer({ sender, to: receiver.publicKey, nonce, genesis });
  });
  checkDecoding(signed[0]);
  return signed;
}

interface Transfer {
  readonly sender: Account;
  readonly to: Uint8Array;
  readonly nonce: number;
  readonly genesis: Uint8Array;
}

function signTransfer({ sender, to, nonce, genesis }: Transfer): SignedTransfer {
  const call = Buffer.concat([TRANSFER_KEEP_ALIVE, Uint8Array.of(0), to, compact(u128).encode(AMOUNT)]);
  const extra = Buffer.concat([
    Uint8Array.of(IMMORTAL),
    compact(u32).encode(nonce),
    compact(u128).encode(0n),
    Uint8Array.of(NO_METADATA_HASH),
  ]);
  const versions = Buffer.concat([u32.encode(VERSION.specVersion), u32.encode(VERSION.transactionVersion)]);
  const message = Uint8Array.from(
    Buffer.concat([call, extra, versions, genesis, genesis, Uint8Array.of(NO_METADATA_HASH)]),
  );
  const signature = sr25519Sign(sender.publicKey, sender.secretKey, message);
  const body = Buffer.concat([
    Uint8Array.of(0x84, 0),
    sender.publicKey,
    Uint8Array.of(1),
    signature,
    extra,
    call,
  ]);
  const writer = new Writer(body.length + 2);
  writeCompact(writer, body.length);
  writer.raw(body);
  const claim: SignatureClaim = { scheme: 'sr25519', accountId: sender.publicKey, message, signature };
  return { bytes: writer.finish(), claim };
}

/** The runtime may have been renumbered: then these would be other calls, or none. */
function checkDecoding(transfer: SignedTransfer | undefined): void {
  if (!transfer) return;
  const { payload } = createRuntime().decodeExtrinsic(transfer.bytes);
  const { type, value } = (payload as { call: { type: string; value: { type: string } } }).call;
  if (type === 'Balances' && value.type === 'transfer_keep_alive') return;
  throw new BenchError(
    'BENCH_WRONG_RESULT',
    `The benchmark signs ${type}.${value.type} instead of transfers`,
  );
}
