import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import polkadot from '@polkadot/types-support/metadata/v15/polkadot-hex';
import substrate from '@polkadot/types-support/metadata/v15/substrate-hex';
import { hexToU8a } from '@polkadot/util';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../src/index.ts';
import { itemsOf, type MetadataV15, methodsOf, Shapes } from './support/shapes.ts';

const decode = (bytes: Uint8Array): MetadataV15 => {
  const { metadata } = metadataCodec.dec(bytes);
  if (metadata.tag !== 'v15') throw new RangeError(metadata.tag);
  return metadata.value;
};

/** As a node answers `Metadata_metadata_at_version`: behind its length. */
const decodeOpaque = (hex: string): MetadataV15 =>
  decode(hexToU8a(`0x${hex.slice(hex.indexOf('6d657461'))}`));

const chainOf = (metadata: MetadataV15) => ({ metadata, shapes: new Shapes(metadata.lookup) });
const ours = chainOf(decode(createRuntime().metadata(15)));
const theirs = [polkadot, substrate].map((hex) => chainOf(decodeOpaque(hex)));

/** Pallets of our own that do what those of these names do in a simpler way. */
const OWN_PALLETS = ['pallet_treasury'];

/** Variants that are younger than what the tests have of Substrate. */
const YOUNGER = /^(22 Held|24 TransferOnHold|26 Released)\{reason: RuntimeHoldReason,/;

const shared = ours.shapes
  .paths()
  .filter((path) => path.includes('::') && theirs.some(({ shapes }) => shapes.has(path)))
  .filter((path) => !OWN_PALLETS.some((pallet) => path.startsWith(`${pallet}::`)));

/** What one of theirs knows, and none of those that know it has as we do. */
const others = (
  list: (chain: (typeof theirs)[number]) => ReadonlyMap<string, string>,
): { common: number; differing: readonly string[] } => {
  const known = theirs.map(list);
  const common = [...list(ours)].filter(([name]) => known.some((each) => each.has(name)));
  const differing = common.filter(([name, type]) => known.every((each) => each.get(name) !== type));
  return { common: common.length, differing: differing.map(([name]) => name) };
};

/**
 * Clients that were written for the chains of Substrate decode these by what they know, above all those that do not read metadata,
 * and read past the end where a field is missing.
 */
describe('what has the name that it has in Substrate', () => {
  it.each(shared)('is of the same shape: %s', (path) => {
    for (const shape of ours.shapes.of(path, YOUNGER)) {
      const fits = theirs.some(({ shapes }) => shapes.of(path).some((other) => shape.isPartOf(other)));
      expect(fits, shape.text).toBe(true);
    }
  });

  it('are types enough to prove something', () => {
    expect(shared.length).toBeGreaterThan(60);
  });

  it('has the same arguments and results in each runtime API', () => {
    const { common, differing } = others(({ metadata, shapes }) => methodsOf(metadata, shapes));
    expect(common).toBeGreaterThan(15);
    expect(differing).toEqual([]);
  });

  it('is stored under the same keys in the same shape', () => {
    const { common, differing } = others(({ metadata, shapes }) => itemsOf(metadata, shapes));
    expect(common).toBeGreaterThan(20);
    // Theirs can also be stuck. A block that cannot migrate is not made here.
    expect(differing).toEqual(['MultiBlockMigrations.Cursor']);
  });
});
