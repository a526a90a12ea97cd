import { execFileSync } from 'node:child_process';
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fromHex } from '@hamster/crypto';
import type { Runtime } from '@hamster/frame';
import { createRuntime, VERSION } from '@hamster/runtime';
import { proofSource, readValue, trieRoot, type Change } from '@hamster/state';
import { describe, expect, it } from 'vitest';
import { openDatabase, openEnvironment } from '../../src/storage/database.ts';
import { openChain } from '../../src/storage/open-chain.ts';
import type { NodeOptions } from '../../src/index.ts';
import { formatOf, toFormat1 } from './former-format.ts';
import { manualNode, recorder, SPEC, temporaryFolder, type Running } from './harness.ts';
import { DEV_SPEC } from './root.ts';
import { smallDisk } from './small-disk.ts';
import { NUMBER, testRuntime } from './test-runtime.ts';

/** A chain of twelve blocks as a release of format 1 left it. */
async function formerChain(name: string, place?: string): Promise<string> {
  const basePath = place ?? (await temporaryFolder());
  const folder = join(basePath, 'chains', SPEC.id, 'db');
  await mkdir(folder, { recursive: true });
  const packed = await readFile(new URL(`../fixtures/format-1-${name}.mdb.gz`, import.meta.url));
  await writeFile(join(folder, 'data.mdb'), gunzipSync(packed));
  return basePath;
}

const folderOf = (basePath: string, id: string = SPEC.id): string => join(basePath, 'chains', id, 'db');

async function tablesOf(folder: string): Promise<string[]> {
  const env = openEnvironment(folder);
  const names = [...env.getKeys()].map(String);
  await env.close();
  return names;
}

const dataOf = (folder: string): Promise<Buffer> => readFile(join(folder, 'data.mdb'));

/** Numbers of the blocks whose state is kept; each has been read as a whole, and is what the block says. */
function wholeStates({ backend }: Running): number[] {
  const whole: number[] = [];
  for (let number = 0; number <= backend.best().number; number++) {
    const hash = backend.hashAt(number);
    const [state, header] = hash ? [backend.stateAt(hash), backend.header(hash)] : [];
    if (!state || !header) continue;
    const entries = [...state.keys(new Uint8Array())].map((key): Change => [key, state.get(key)]);
    expect(trieRoot(entries, 1)).toEqual(fromHex(header.stateRoot));
    const proof = hash ? (backend.proof(hash, [NUMBER]) ?? []) : [];
    const proved = { source: proofSource(proof), root: fromHex(header.stateRoot) };
    expect(readValue(proved, NUMBER)).toEqual(state.get(NUMBER));
    whole.push(number);
  }
  return whole;
}

const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function grow({ backend }: Running, blocks: number): Promise<void> {
  for (let made = 0; made < blocks; made++) await backend.manualSeal.newBlock();
}

describe('a database of format 1', () => {
  it.each([
    ['window-of-4', from(9, 12), from(15, 18)],
    ['archive', from(0, 12), from(0, 18)],
  ])('(%s) keeps every state, goes on, and is asked only once', async (name, kept, later) => {
    const basePath = await formerChain(name);
    const first = await manualNode({ basePath });
    expect(wholeStates(first)).toEqual(kept);
    await grow(first, 6);
    expect(wholeStates(first)).toEqual(later);
    const told = first.lines.filter(({ message }) => message.includes('newer way'));
    expect(told.map(({ level }) => level)).toEqual(['warn', 'info', 'info']);
    expect(told[0]?.message).toMatch(/no release from before can read.*makes a copy/);
    await first.close();
    const second = await manualNode({ basePath });
    expect(wholeStates(second)).toEqual(later);
    expect(second.lines.filter(({ message }) => message.includes('newer way'))).toEqual([]);
  });

  it('loses the latest state of which it had every entry a second time, as one of today’s format does', async () => {
    const basePath = await formerChain('window-of-4');
    await (await manualNode({ basePath })).close();
    const env = openEnvironment(folderOf(basePath));
    for (const name of ['state-flat', 'state-meta'])
      env.openDB({ name, encoding: 'binary' }).putSync('one', NUMBER);
    await env.close();
    const again = await manualNode({ basePath });
    expect(wholeStates(again)).toEqual(from(9, 12));
    await again.close();
    expect(await tablesOf(folderOf(basePath))).toEqual(
      expect.not.arrayContaining(['state-flat', 'state-meta']),
    );
  });

  it('can be taken back, block by block, as far as there are states', async () => {
    const basePath = await formerChain('window-of-4');
    const database = await openDatabase({ basePath }, SPEC.id);
    const { chain } = await openChain({
      ...{ database, spec: SPEC, runtime: testRuntime(), pruning: undefined },
      logger: recorder().logger,
    });
    for (const number of [11, 10, 9]) expect(chain.revertBest().number).toBe(number);
    expect(() => chain.revertBest()).toThrow(/is not kept/);
    await database.close();
    const node = await manualNode({ basePath });
    expect(wholeStates(node)).toEqual([9]);
    await grow(node, 2);
    expect(wholeStates(node)).toEqual([9, 10, 11]);
  });

  it('on a full disk stays what it was, says so, and is brought over when there is room', async ({
    skip,
  }) => {
    const disk = join(await temporaryFolder(), 'disk');
    await mkdir(disk);
    if (!smallDisk(disk, '112k')) skip('needs the right to mount a small disk');
    const basePath = await formerChain('window-of-4', disk);
    await expect(manualNode({ basePath })).rejects.toMatchObject({
      code: 'NODE_STORAGE',
      message: expect.stringContaining('Nothing was changed') as string,
    });
    execFileSync('mount', ['-o', 'remount,size=8m', disk]);
    expect(wholeStates(await manualNode({ basePath }))).toEqual(from(9, 12));
  });
});

describe('a database of format 1 that a start refuses', () => {
  const refusals: readonly [string, Partial<NodeOptions>, Partial<Runtime>, string][] = [
    ['a release that reads no states so old', {}, { oldestState: 2 }, 'NODE_STATE_OUTDATED'],
    ['a spec of another chain', { chainSpec: { ...SPEC, genesis: { seed: 2 } } }, {}, 'NODE_OTHER_GENESIS'],
    ['an archive of it', { pruning: 'archive' }, {}, 'NODE_PRUNING'],
    [
      'another window, and a release that is too new',
      { pruning: 3 },
      { oldestState: 2 },
      'NODE_STATE_OUTDATED',
    ],
  ];

  it.each(refusals)('for %s is not touched', async (_what, options, rules, code) => {
    const basePath = await formerChain('window-of-4');
    const before = await dataOf(folderOf(basePath));
    const refused = manualNode({ basePath, ...options }, { ...testRuntime(), ...rules });
    await expect(refused).rejects.toMatchObject({ code });
    expect(before.equals(await dataOf(folderOf(basePath)))).toBe(true);
    expect(await formatOf(folderOf(basePath))).toBe(1);
  });

  it('for rules that are newer than the release is not touched', async () => {
    const basePath = await temporaryFolder();
    const newer = { ...VERSION, specVersion: VERSION.specVersion + 1 };
    const chain = { basePath, chainSpec: DEV_SPEC };
    const author = await manualNode(chain, createRuntime({ version: newer }));
    await grow(author, 2);
    const head = author.backend.best();
    await author.close();
    const folder = folderOf(basePath, DEV_SPEC.id);
    await toFormat1(folder);
    const before = await dataOf(folder);
    await expect(manualNode(chain, createRuntime())).rejects.toMatchObject({ code: 'NODE_RULES_OUTDATED' });
    expect(before.equals(await dataOf(folder))).toBe(true);
    expect(await formatOf(folder)).toBe(1);
    const again = await manualNode(chain, createRuntime({ version: newer }));
    expect(again.backend.best()).toEqual(head);
    expect(await formatOf(folder)).toBe(2);
  });
});
