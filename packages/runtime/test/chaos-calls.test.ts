import { metadata } from '@polkadot-api/substrate-bindings';
import { expect, it } from 'vitest';
import { DRIVEN } from '../../pallets/test/market/driven.ts';
import { createRuntime } from '../src/index.ts';

/** All calls that metadata lists, as "Pallet.call". */
const listed = (): string[] => {
  const decoded = metadata.dec(createRuntime().metadata(15)).metadata;
  if (decoded.tag !== 'v15') throw new RangeError(decoded.tag);
  const { lookup, pallets } = decoded.value;
  return pallets.flatMap(({ name, calls }) => {
    const def = calls === undefined ? undefined : lookup[calls]?.def;
    return def?.tag === 'variant' ? def.value.map((call) => `${name}.${call.name}`) : [];
  });
};

it('no call is missing: chaos makes every one that metadata lists', () => {
  expect(listed().length).toBeGreaterThan(50);
  expect(DRIVEN).toEqual(listed().sort());
});
