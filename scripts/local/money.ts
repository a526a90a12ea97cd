import type { ChainClient, Lease } from '@hamster/chain-client';

const PLANCK_PER_HAM = 10n ** 12n;

export interface Purses {
  readonly renter: bigint;
  readonly provider: bigint;
}

/** What both sides own, held money included, in planck. */
export async function pursesOf(chain: ChainClient, renter: string, provider: string): Promise<Purses> {
  const [first, second] = await Promise.all([chain.balance(renter), chain.balance(provider)]);
  return { renter: first.free + first.held, provider: second.free + second.held };
}

/** Where the money of a closed lease went. */
export function moneyStory(before: Purses, after: Purses, lease: Lease): string {
  const rows: [string, string][] = [
    ['the renter paid', ham(before.renter - after.renter)],
    ['  rent of proven time and notice', ham(lease.paid)],
    ['  returned from escrow', ham(lease.refunded)],
    ['the provider earned', ham(after.provider - before.provider)],
    ['still in escrow', ham(lease.escrow)],
    ['the lease ended as', `${lease.status} (${lease.closed?.reason ?? 'open'})`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

/** Planck as HAM with all of its digits; fees of transactions are small. */
export function ham(planck: bigint): string {
  const sign = planck < 0n ? '-' : '';
  const absolute = planck < 0n ? -planck : planck;
  const fraction = String(absolute % PLANCK_PER_HAM)
    .padStart(12, '0')
    .replace(/0+$/, '');
  return `${sign}${absolute / PLANCK_PER_HAM}${fraction === '' ? '' : `.${fraction}`} HAM`;
}
