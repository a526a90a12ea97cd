import { blake2b256 } from '@hamster/crypto';
import { concatBytes } from '@hamster/frame';
import { createRuntime, HAM, PRESETS, VERSION } from '@hamster/runtime';
import { bool, compact, tuple, u128, u32, u64, vec } from '@hamster/scale';
import { Keyring } from '@polkadot/keyring';
import { expect, it } from 'vitest';
import { ALICE } from './dev-keys.ts';
import { manualNode, type Running } from './harness.ts';
import { DEV_SPEC } from './root.ts';

type Key = ReturnType<Keyring['addFromUri']>;

const keyOf = (name: string): Key => new Keyring({ type: 'sr25519' }).addFromUri(`//${name}`);
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));

const bytesOf = (text: string): Uint8Array => {
  const bytes = new TextEncoder().encode(text);
  return concatBytes(compact(u32).encode(bytes.length), bytes);
};
/** A list of what is encoded already. */
const listOf = (...items: readonly Uint8Array[]): Uint8Array =>
  concatBytes(compact(u32).encode(items.length), ...items);

const HEARTBEAT = Uint8Array.of(12, 2);
const REGISTER = concatBytes(
  Uint8Array.of(12, 0),
  bytesOf('12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust'),
  listOf(bytesOf('/ip4/127.0.0.1/tcp/4001')),
  bytesOf('eu'),
  compact(u128).encode(100n * HAM),
);
const transferTo = ({ publicKey }: Key): Uint8Array =>
  concatBytes(Uint8Array.of(2, 3, 0), publicKey, compact(u128).encode(1_000n * HAM));

/**
 * Two thirds of a second of reports about leases that nobody has, which the block passes over: of the three quarters that a block
 * has for such, it takes one.
 */
const heavy = (): Uint8Array => {
  const Reports = vec(tuple(u64, u32, u32, u32, bool));
  const reports = Reports.encode(Array.from({ length: 64 }, () => [10n ** 6n, 1, 1, 1, true] as const));
  const beat = concatBytes(Uint8Array.of(11, 4), reports);
  return concatBytes(Uint8Array.of(4, 0), listOf(...Array.from({ length: 28 }, () => beat)));
};

interface Offered {
  readonly nonce: number;
  readonly tip?: bigint;
}

const send = async (
  { backend }: Running,
  key: Key,
  call: Uint8Array,
  { nonce, tip = 0n }: Offered,
): Promise<Uint8Array> => {
  const immortal = Uint8Array.of(0);
  const extra = concatBytes(immortal, compact(u32).encode(nonce), compact(u128).encode(tip), immortal);
  const genesis = fromHex(backend.genesisHash);
  const versions = concatBytes(u32.encode(VERSION.specVersion), u32.encode(VERSION.transactionVersion));
  const message = concatBytes(call, extra, versions, genesis, genesis, immortal);
  const signature = key.sign(message.length > 256 ? blake2b256(message) : message);
  const head = concatBytes(Uint8Array.of(0x84, 0), key.publicKey, Uint8Array.of(1), signature);
  const body = concatBytes(head, extra, call);
  const extrinsic = concatBytes(compact(u32).encode(body.length), body);
  await backend.submit(extrinsic);
  return extrinsic;
};

const nonceOf = ({ backend }: Running, { publicKey }: Key): number =>
  u32.decode(backend.callRuntime(backend.best().hash, 'AccountNonceApi_account_nonce', publicKey));

/** Slots so long that no author is late, and that one of them is more than half of a heartbeat’s interval. */
const SLOT = 15_000;
const { aura } = PRESETS.dev as { readonly aura: object };
const chainSpec = { ...DEV_SPEC, genesis: { ...PRESETS.dev, aura: { ...aura, slotDuration: SLOT } } };

it('a block begins with the report of a gateway, however many tip more than there is room for', async () => {
  const node = await manualNode({ chainSpec, keys: ALICE }, createRuntime());
  const { manualSeal } = node.backend;
  const relay = keyOf('Charlie');
  const flood = Array.from({ length: 4 }, (_, index) => keyOf(`Flood${index}`));
  await send(node, relay, REGISTER, { nonce: 0 });
  const funded = listOf(...flood.map(transferTo));
  await send(node, keyOf('Bob'), concatBytes(Uint8Array.of(4, 2), funded), { nonce: 0 });
  // The first is made in the midst of its slot: only the third is later by a whole one, or more.
  for (let block = 0; block < 3; block += 1) await manualSeal.newBlock();
  for (const key of flood) await send(node, key, heavy(), { nonce: 0, tip: 100n * HAM });
  const report = await send(node, relay, HEARTBEAT, { nonce: 1 });
  const { hash } = await manualSeal.newBlock();
  const [, first, ...others] = node.backend.body(hash) ?? [];
  expect(first).toEqual(report);
  expect(others).toHaveLength(1);
  expect(nonceOf(node, relay)).toBe(2);
  expect(flood.filter((key) => nonceOf(node, key) > 0)).toHaveLength(1);
});
