import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, twox128 } from '@hamster/crypto';
import { MemoryState } from '@hamster/frame';
import { createRuntime, VERSION } from '@hamster/runtime';
import { u32 } from '@hamster/scale';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIGEST } from '../../src/header-codec.ts';
import { genesisState, type Backend } from '../../src/index.ts';
import { join as joinNetwork, until } from '../network/support/networks.ts';
import { ALICE, NOBODY } from './dev-keys.ts';
import { bestState, blockOf, manualNode, openManual, temporaryFolder, type Running } from './harness.ts';
import { DEV_SPEC, Root } from './root.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const CODE = utf8(':code');
const EVENTS = Uint8Array.of(...twox128(utf8('System')), ...twox128(utf8('Events')));
const outdated = expect.objectContaining({ code: 'NODE_RULES_OUTDATED' }) as object;
const NOW = VERSION.specVersion;

/** The rules as a release that is so many versions newer calls them: signed otherwise, and with a `:code` that says so. */
const release = (newer: number, made: number[] = []) => {
  const specVersion = NOW + newer;
  return createRuntime({
    version: { ...VERSION, specVersion, transactionVersion: VERSION.transactionVersion + newer },
    *code() {
      made.push(specVersion);
      yield [CODE, u32.encode(specVersion)] as const;
    },
  });
};

/** The chain as a release began it, for nodes of other releases. */
const rawSpecOf = (newer: number) => {
  const entries = [...genesisState(DEV_SPEC, release(newer))].map(
    ([key, value]) => [toHex(key), toHex(value)] as const,
  );
  return { ...DEV_SPEC, rawGenesis: Object.fromEntries(entries) };
};

/** A node of the release; one on a base path goes on with the chain that is there. */
const start = (newer: number, options: { readonly basePath?: string; readonly keys?: typeof NOBODY } = {}) =>
  manualNode({ chainSpec: DEV_SPEC, keys: ALICE, ...options }, release(newer));

const codeOf = (backend: Backend) => u32.decode(bestState(backend).get(CODE) ?? new Uint8Array(4));
const marksOf = (number: number) =>
  blockAt(number).header.digest.filter(([kind]) => kind === DIGEST.runtimeUpdated).length;

let folder: string;
let author: Running;

/** A chain with two blocks of one release and two of the next one, each with a transaction in it, on a node of that. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hamster-upgrade-'));
  const options = { chainSpec: DEV_SPEC, basePath: folder };
  const before = await openManual(options, release(0));
  const root = new Root(release(0));
  for (const remark of ['0x00', '0x01']) await root.act(before, 'System', 'remark', remark);
  await before.close();
  author = await openManual(options, release(1));
  const next = new Root(release(1), 2);
  for (const remark of ['0x02', '0x03']) await next.act(author, 'System', 'remark', remark);
});
afterAll(async () => {
  await author.close();
  await rm(folder, { recursive: true, force: true });
});

const hashAt = (number: number) => author.backend.hashAt(number) ?? author.backend.genesisHash;
const blockAt = (number: number) => blockOf(author.backend, hashAt(number));

describe('a chain whose author got newer rules', () => {
  it('has their code, says so in the first block of theirs, and only there', () => {
    expect([1, 2, 3, 4].map(marksOf)).toEqual([0, 0, 1, 0]);
    expect(codeOf(author.backend)).toBe(NOW + 1);
    const events = (number: number): Uint8Array => {
      const state = author.backend.stateAt(hashAt(number));
      return state?.get(EVENTS) ?? new Uint8Array();
    };
    // Phase Initialization, pallet System, CodeUpdated: the first record of the block.
    expect([...events(3).subarray(1, 5)]).toEqual([2, 0, 2, 0]);
    expect([...events(4).subarray(1, 4)]).not.toEqual([2, 0, 2]);
    expect(author.backend.body(author.backend.best().hash)).toHaveLength(2);
  });

  it('is executed from its beginning by a node that comes late with the newer rules', async () => {
    const late = await manualNode({ chainSpec: rawSpecOf(0), keys: NOBODY }, release(1));
    const { address } = await joinNetwork(author.access, { role: 'authority' });
    await joinNetwork(late.access, { bootnodes: [address] });
    await until(() => late.backend.best().number === 4);
    expect(late.backend.best()).toEqual(author.backend.best());
    expect(codeOf(late.backend)).toBe(NOW + 1);
  });

  it('is left by a node of the older rules, which bans nobody and goes on when it is updated', async () => {
    const basePath = await temporaryFolder();
    const old = await start(0, { basePath, keys: NOBODY });
    const { address } = await joinNetwork(author.access, { role: 'authority' });
    const network = await joinNetwork(old.access, { bootnodes: [address] });
    await until(() => network.lines.some(({ level }) => level === 'error'));
    expect([old.backend.best().number, network.peers().length]).toEqual([2, 1]);
    await expect(old.importBlock(blockAt(3))).rejects.toEqual(outdated);
    await network.close();
    await old.close();
    const updated = await start(1, { basePath, keys: NOBODY });
    for (const number of [3, 4]) await updated.importBlock(blockAt(number));
    expect(updated.backend.best()).toEqual(author.backend.best());
  });

  it('is not opened with the older rules, nor followed by those of yet another release', async () => {
    const basePath = await temporaryFolder();
    const other = await manualNode({ basePath, chainSpec: rawSpecOf(0), keys: NOBODY }, release(2));
    for (const number of [1, 2]) await other.importBlock(blockAt(number));
    await expect(other.importBlock(blockAt(3))).rejects.toEqual(outdated);
    expect(other.backend.best().number).toBe(2);
    await other.close();
    const newest = await manualNode({ basePath, chainSpec: rawSpecOf(0), keys: ALICE }, release(2));
    await newest.backend.manualSeal.newBlock();
    await newest.close();
    await expect(manualNode({ basePath, chainSpec: rawSpecOf(0), keys: NOBODY }, release(1))).rejects.toEqual(
      outdated,
    );
  });
});

describe('the pool of a node that has the newer rules before its author', () => {
  it('takes what is signed for these and nothing else, so that nothing in it is outdated by the upgrade', async () => {
    const node = await manualNode({ chainSpec: rawSpecOf(0), keys: NOBODY }, release(1));
    const [older, newer] = [new Root(release(0)), new Root(release(1), 4)];
    await expect(node.backend.submit(older.ask(node, 'System', 'remark', '0x00'))).rejects.toMatchObject({
      rpcCode: 1010,
      data: 'Transaction has a bad signature',
    });
    const next = newer.ask(node, 'System', 'remark', '0x04');
    await node.backend.submit(next);
    for (const number of [1, 2, 3, 4]) await node.importBlock(blockAt(number));
    expect(node.backend.pending()).toEqual([next]);
  });
});

describe('a chain of rules so old that nobody reads its state any more', () => {
  it('is not opened, and stays as it is', async () => {
    const basePath = await temporaryFolder();
    const old = await start(0, { basePath });
    await old.close();
    const since = { ...release(1), oldestState: NOW + 1 };
    const refused = manualNode({ chainSpec: DEV_SPEC, keys: ALICE, basePath }, since);
    await expect(refused).rejects.toMatchObject({
      code: 'NODE_STATE_OUTDATED',
      message: expect.stringContaining('an older release') as string,
    });
    await (await start(0, { basePath })).close();
  });
});

describe('a block from before its author got newer rules', () => {
  const rulesAt = (number: number) => {
    const hash = hashAt(number);
    return { hash, rules: author.backend.rulesAt(hash) };
  };

  it('tells the version under which the next one was made, and the best block that of the node', () => {
    const versions = [0, 1, 2, 3, 4].map((number) => rulesAt(number).rules?.version);
    const older = { specVersion: NOW, transactionVersion: VERSION.transactionVersion };
    const newer = { specVersion: NOW + 1, transactionVersion: VERSION.transactionVersion + 1 };
    expect(versions).toMatchObject([older, older, newer, newer, newer]);
  });

  it('says the same by its runtime APIs and in its metadata', () => {
    for (const number of [1, 3]) {
      const { hash, rules } = rulesAt(number);
      const wanted = release(number === 1 ? 0 : 1);
      const ask = (method: string) => author.backend.callRuntime(hash, method, new Uint8Array());
      expect(ask('Core_version')).toEqual(wanted.call(new MemoryState(), 'Core_version', new Uint8Array()));
      expect(rules?.metadata(15)).toEqual(wanted.metadata(15));
    }
    expect(rulesAt(1).rules?.metadata(14)).not.toEqual(rulesAt(3).rules?.metadata(14));
  });
});

describe('`:code`', () => {
  it('is made for a new chain and for an upgrade, and for nothing else', async () => {
    const basePath = await temporaryFolder();
    const made: number[] = [];
    const open = async (newer: number): Promise<void> => {
      const node = await manualNode({ chainSpec: DEV_SPEC, keys: ALICE, basePath }, release(newer, made));
      await node.backend.manualSeal.newBlock();
      await node.close();
    };
    await open(0);
    await open(0);
    expect(made).toEqual([NOW]);
    await open(1);
    await open(1);
    expect(made).toEqual([NOW, NOW + 1]);
  });
});
