import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '@hamster/crypto';
import { concatBytes, inOneGo, type Runtime, storagePrefix, storageVersionKey } from '@hamster/frame';
import { createRuntime, VERSION } from '@hamster/runtime';
import { Keyring } from '@polkadot/keyring';
import { u32 } from '@hamster/scale';
import { expect, it } from 'vitest';
import { ALICE, NOBODY } from './dev-keys.ts';
import { dryRun } from '../../src/execution/dry-run.ts';
import { bestState, blockOf, manualNode, openManual, temporaryFolder, type Running } from './harness.ts';
import { DEV_SPEC, Root } from './root.ts';

/** The state that a release of specVersion 3 made, see `packages/runtime/test/support/old-chain.ts`: where this chain begins. */
const old = JSON.parse(
  readFileSync(new URL('../../../runtime/test/fixtures/state-of-spec-3.json', import.meta.url), 'utf8'),
) as Record<string, string>;
const specOf = (rawGenesis: Record<string, string>) => ({ ...DEV_SPEC, id: 'old', rawGenesis });

const LEASES = toHex(storagePrefix('ResourceOrder', 'Leases'));

const start = (options: { readonly basePath?: string; readonly rawGenesis?: Record<string, string> } = {}) =>
  manualNode({ chainSpec: specOf(options.rawGenesis ?? old), keys: ALICE, ...options }, createRuntime());

it('a database of specVersion 3 is opened, migrated in the next block, and opened again', async () => {
  const basePath = await temporaryFolder();
  const before = await start({ basePath });
  await before.backend.manualSeal.newBlock();
  const { hash } = before.backend.best();
  await before.close();
  const after = await start({ basePath });
  expect(after.backend.best()).toMatchObject({ hash, number: 1 });
  const state = bestState(after.backend);
  expect(state.get(storageVersionKey('ResourceOrder'))).toEqual(Uint8Array.of(1, 0));
  const issued = storagePrefix('Balances', 'TotalIssuance');
  expect(state.get(issued)).toEqual(fromHex(old[toHex(issued)] ?? ''));
  await after.backend.manualSeal.newBlock();
  expect(after.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('a full node of the same release executes the block that migrates, and comes to the same state', async () => {
  const author = await start();
  await author.backend.manualSeal.newBlock();
  const follower = await manualNode({ chainSpec: specOf(old), keys: NOBODY }, createRuntime());
  await follower.importBlock(blockOf(author.backend, author.backend.best().hash));
  expect(follower.backend.best()).toEqual(author.backend.best());
});

it('a transaction is tried out on an old state as in the block that migrates it', async () => {
  const node = await start();
  const { genesisHash } = node.backend;
  const state = bestState(node.backend);
  const { publicKey } = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
  const nonce = u32.decode(node.backend.callRuntime(genesisHash, 'AccountNonceApi_account_nonce', publicKey));
  const signed: Uint8Array[] = [];
  const submit = async (bytes: Uint8Array) => void signed.push(bytes);
  const manualSeal = { newBlock: async () => undefined };
  await new Root(createRuntime(), nonce).act(
    { backend: { genesisHash, submit, manualSeal } } as unknown as Running,
    ...(['System', 'remark', '0x00'] as const),
  );
  const parent = { hash: genesisHash, number: 0, state };
  expect(inOneGo(dryRun(createRuntime(), parent, signed[0] ?? new Uint8Array()))).toEqual(
    Uint8Array.of(0, 0),
  );
  expect(state.get(storageVersionKey('ResourceOrder'))).toBeUndefined();
});

it('a state that cannot be migrated stays as it is: no block is made, and the reason is told', async () => {
  const broken = toHex(concatBytes(fromHex(LEASES), new Uint8Array(16).fill(0xff)));
  const node = await start({ rawGenesis: { ...old, [broken]: '0x010203' } });
  await expect(node.backend.manualSeal.newBlock()).rejects.toThrow(/neither the old nor the new shape/);
  expect(node.backend.best().number).toBe(0);
});

it('a block under rules that the release has no more is nobody’s fault, and says which release takes it', async () => {
  const author = await manualNode({ chainSpec: DEV_SPEC, keys: ALICE }, createRuntime());
  await author.backend.manualSeal.newBlock();
  const specVersion = VERSION.specVersion + 1;
  const since = {
    ...createRuntime({ version: { ...VERSION, specVersion } }),
    oldestRules: specVersion,
  };
  const rawGenesis = Object.fromEntries(
    [...createRuntime().genesis(DEV_SPEC.genesis)].map(([key, value]) => [toHex(key), toHex(value)]),
  );
  const follower = await manualNode({ chainSpec: { ...DEV_SPEC, rawGenesis }, keys: NOBODY }, since);
  await expect(
    follower.importBlock(blockOf(author.backend, author.backend.best().hash)),
  ).rejects.toMatchObject({
    code: 'NODE_STATE_OUTDATED',
    message: expect.stringContaining(`rules of version ${VERSION.specVersion}`) as string,
  });
});

it('what a block under such rules takes is not known, and no error', async () => {
  const basePath = await temporaryFolder();
  const first = await openManual({ chainSpec: DEV_SPEC, keys: ALICE, basePath }, createRuntime());
  const { hash } = await first.backend.manualSeal.newBlock();
  await first.close();
  const specVersion = VERSION.specVersion + 1;
  const since: Runtime = {
    ...createRuntime({ version: { ...VERSION, specVersion } }),
    oldestRules: specVersion,
    inForce: () => since,
  };
  const { backend } = await manualNode({ chainSpec: DEV_SPEC, keys: ALICE, basePath }, since);
  const upgrade = await backend.manualSeal.newBlock();
  expect(await backend.blockStats(hash)).toBeUndefined();
  expect(await backend.blockStats(upgrade.hash)).toMatchObject({ numExtrinsics: 1 });
});
