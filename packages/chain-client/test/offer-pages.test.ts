import type { ApiPromise } from '@polkadot/api';
import { describe, expect, it } from 'vitest';
import type { Link } from '../src/connection/link.ts';
import type { OfferFilter } from '../src/index.ts';
import { offeredMachines } from '../src/reads/offer-pages.ts';
import { onChain } from './support/registry.ts';

const HOUR = 3_600_000;

interface Page {
  readonly offers: readonly { readonly resource: number; readonly machine: object }[];
  readonly next: number | null;
}

const machine = (id: number) => ({ resource: id, machine: { peerId: `peer ${id}` } });

/** A node that answers these pages, one after the other, and keeps what it was asked. */
function answering(...pages: readonly Page[]) {
  const asked: unknown[][] = [];
  const offers = (...args: unknown[]) => {
    asked.push(args);
    return Promise.resolve(onChain('OfferPage', pages[asked.length - 1]));
  };
  const api = { call: { marketApi: { offers } } } as unknown as ApiPromise;
  const link = { read: (_what: string, read: (api: ApiPromise) => unknown) => read(api) } as unknown as Link;
  const all = (filter: OfferFilter = {}) => offeredMachines(link, filter, HOUR, {});
  return { asked, all };
}

describe('offers of the chain', () => {
  it('come page by page until there is no next one, an empty page in between or not', async () => {
    const { asked, all } = answering(
      { offers: [machine(3), machine(7)], next: 900 },
      { offers: [], next: 1800 },
      { offers: [machine(1801)], next: null },
    );
    expect((await all()).map(({ id, peerId }) => [id, peerId])).toEqual([
      [3, 'peer 3'],
      [7, 'peer 7'],
      [1801, 'peer 1801'],
    ]);
    expect(asked.map(([, after, limit]) => [after, limit])).toEqual([
      [0, 128],
      [900, 128],
      [1800, 128],
    ]);
  });

  it('are asked for as the filter says, in whole hours of the chain', async () => {
    const { asked, all } = answering({ offers: [], next: null });
    await all({ cpuCores: 2, durationMs: HOUR + 1, virtualization: 'Kvm', region: 'eu' });
    expect(asked[0]?.[0]).toEqual({ cpuCores: 2, hours: 2, virtualization: 'Kvm' });
  });

  it('end with a node that leads back to where it was', async () => {
    const { asked, all } = answering({ offers: [machine(1)], next: 5 }, { offers: [machine(6)], next: 5 });
    expect(await all()).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  it('are not there on another chain', async () => {
    const link = { read: (_what: string, read: (api: unknown) => unknown) => read({ call: {} }) };
    await expect(offeredMachines(link as unknown as Link, {}, HOUR, {})).rejects.toMatchObject({
      code: 'NOT_A_HAMSTER_CHAIN',
    });
  });
});
