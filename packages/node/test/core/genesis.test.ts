import { toHex } from '@hamster/crypto';
import { describe, expect, it } from 'vitest';
import { genesisState, type ChainSpec, type RecognisedSpec } from '../../src/index.ts';
import { bestState, manualNode, openManual, SPEC, temporaryFolder } from './harness.ts';
import { testRuntime } from './test-runtime.ts';

const rawSpec = (entries: Iterable<readonly [key: string, value: string]>): ChainSpec => ({
  ...SPEC,
  genesis: {},
  rawGenesis: Object.fromEntries(entries),
});

const ENTRIES = genesisState(SPEC, testRuntime()).map(([key, value]) => [toHex(key), toHex(value)] as const);
const genesisOf = async (chainSpec: ChainSpec) => (await manualNode({ chainSpec })).backend.genesisHash;

/** The spec as it was recognised, and how often it was read all the same. */
function recognised(spec: ChainSpec, genesisSource: string) {
  const { genesis: _, rawGenesis: __, ...outline } = spec;
  const reads: ChainSpec[] = [];
  const chainSpec: RecognisedSpec = {
    ...outline,
    genesisSource,
    read() {
      reads.push(spec);
      return Promise.resolve(spec);
    },
  };
  return { chainSpec, reads };
}

/** A base path with the chain of `SPEC`, and the name of what it was made of. */
async function begun() {
  const basePath = await temporaryFolder();
  const { genesisSource, close } = await openManual({ basePath });
  await close();
  return { basePath, genesisSource };
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
    const { backend } = await manualNode({
      chainSpec: rawSpec([...ENTRIES, ['0xabcd', '0x01'], ['0xABCD', '0x02']]),
    });
    expect(bestState(backend).get(Uint8Array.of(0xab, 0xcd))).toEqual(Uint8Array.of(2));
  });
});

describe('a spec that was read before', () => {
  it('is not read by a node whose chain began with it', async () => {
    const { basePath, genesisSource } = await begun();
    const { chainSpec, reads } = recognised(SPEC, genesisSource);
    const node = await manualNode({ basePath, chainSpec });
    expect(reads).toEqual([]);
    expect(node.genesisSource).toBe(genesisSource);
    expect(node.backend.chainSpec.name).toBe(SPEC.name);
  });

  it('is read where there is no chain yet, and where the chain began with something else', async () => {
    const { basePath, genesisSource } = await begun();
    const fresh = recognised(SPEC, genesisSource);
    await manualNode({ chainSpec: fresh.chainSpec });
    expect(fresh.reads).toHaveLength(1);

    const other = recognised({ ...SPEC, genesis: { seed: 2 } }, '0x00');
    await expect(openManual({ basePath, chainSpec: other.chainSpec })).rejects.toThrow(
      expect.objectContaining({ code: 'NODE_OTHER_GENESIS' }) as Error,
    );
    expect(other.reads).toHaveLength(1);

    const same = recognised(rawSpec(ENTRIES), '0x00');
    const node = await manualNode({ basePath, chainSpec: same.chainSpec });
    expect(same.reads).toHaveLength(1);
    expect(node.genesisSource).not.toBe(genesisSource);
  });

  it('that cannot be read leaves nothing open', async () => {
    const { basePath } = await begun();
    const { chainSpec } = recognised(SPEC, '0x00');
    const gone = new RangeError('gone');
    await expect(
      openManual({ basePath, chainSpec: { ...chainSpec, read: () => Promise.reject(gone) } }),
    ).rejects.toBe(gone);
    await manualNode({ basePath });
  });
});
