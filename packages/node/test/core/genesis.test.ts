import { toHex } from '@hamster/crypto';
import { describe, expect, it } from 'vitest';
import { genesisState, type ChainSpec, type RecognisedSpec } from '../../src/index.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { openChain } from '../../src/storage/open-chain.ts';
import { SPEC, temporaryFolder } from './harness.ts';
import { testRuntime } from './test-runtime.ts';

const runtime = testRuntime();
const ENTRIES = genesisState(SPEC, runtime).map(([key, value]) => [toHex(key), toHex(value)] as const);

const rawSpec = (entries: Iterable<readonly [key: string, value: string]>): ChainSpec => ({
  ...SPEC,
  genesis: {},
  rawGenesis: Object.fromEntries(entries),
});

/** Opens the chain of a spec, looks at it and closes it. */
async function opened(basePath: string, spec: ChainSpec | RecognisedSpec, key = new Uint8Array()) {
  const database = await openDatabase({ basePath }, spec.id);
  try {
    const { chain, genesisSource } = await openChain({ database, spec, runtime, pruning: undefined });
    const { hash, state } = chain.parent(chain.best());
    return { hash, genesisSource, value: state.get(key) };
  } finally {
    await database.close();
  }
}

const genesisOf = async (spec: ChainSpec) => (await opened(await temporaryFolder(), spec)).hash;

/** The spec as it was recognised, and how often it was read all the same. */
function recognised(spec: ChainSpec, genesisSource: string) {
  const { name, id, chainType, properties } = spec;
  const reads: ChainSpec[] = [];
  const read = () => {
    reads.push(spec);
    return Promise.resolve(spec);
  };
  const chainSpec: RecognisedSpec = { name, id, chainType, properties, genesisSource, read };
  return { chainSpec, reads };
}

/** A base path with the chain of `SPEC`, and the name of what it was made of. */
async function begun() {
  const basePath = await temporaryFolder();
  return { basePath, ...(await opened(basePath, SPEC)) };
}

describe('the first block', () => {
  it('is the same from a configuration and from its state, in whatever order that is listed', async () => {
    const expected = await genesisOf(SPEC);
    expect(await genesisOf(rawSpec(ENTRIES))).toBe(expected);
    expect(await genesisOf(rawSpec(ENTRIES.toReversed()))).toBe(expected);
    const inCapitals = ENTRIES.map(([key, value]) => [`0x${key.slice(2).toUpperCase()}`, value] as const);
    expect(await genesisOf(rawSpec(inCapitals))).toBe(expected);
  });

  it('has the later one of two values under one key', async () => {
    const twice = rawSpec([...ENTRIES, ['0xabcd', '0x01'], ['0xABCD', '0x02']]);
    const { value } = await opened(await temporaryFolder(), twice, Uint8Array.of(0xab, 0xcd));
    expect(value).toEqual(Uint8Array.of(2));
  });
});

describe('a spec that was read before', () => {
  it('is not read where the chain began with it', async () => {
    const { basePath, genesisSource, hash } = await begun();
    const { chainSpec, reads } = recognised(SPEC, genesisSource);
    expect(await opened(basePath, chainSpec)).toMatchObject({ genesisSource, hash });
    expect(reads).toEqual([]);
  });

  it('is read where there is no chain yet', async () => {
    const { genesisSource, hash } = await begun();
    const { chainSpec, reads } = recognised(SPEC, genesisSource);
    expect(await opened(await temporaryFolder(), chainSpec)).toMatchObject({ genesisSource, hash });
    expect(reads).toHaveLength(1);
  });

  it('is read and compared where the chain began with something else', async () => {
    const { basePath, genesisSource, hash } = await begun();
    const other = recognised({ ...SPEC, genesis: { seed: 2 } }, '0x00');
    await expect(opened(basePath, other.chainSpec)).rejects.toThrow(
      expect.objectContaining({ code: 'NODE_OTHER_GENESIS' }) as Error,
    );
    expect(other.reads).toHaveLength(1);

    const same = recognised(rawSpec(ENTRIES), '0x00');
    const again = await opened(basePath, same.chainSpec);
    expect(again.hash).toBe(hash);
    expect(again.genesisSource).not.toBe(genesisSource);
    expect(same.reads).toHaveLength(1);
  });

  it('changes nothing when it cannot be read', async () => {
    const { basePath, hash } = await begun();
    const gone = new RangeError('gone');
    const { chainSpec } = recognised(SPEC, '0x00');
    await expect(opened(basePath, { ...chainSpec, read: () => Promise.reject(gone) })).rejects.toBe(gone);
    expect((await opened(basePath, SPEC)).hash).toBe(hash);
  });
});
