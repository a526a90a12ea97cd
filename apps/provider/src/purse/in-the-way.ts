import { isLive } from '@hamster/chain-client/market';
import type { MarketView } from '../market/market-view.ts';
import { counted, timeText } from '../wording.ts';

/** What keeps a machine in the market, a sentence each; none when it may leave. */
export function inTheWay({ leases, orders, resource }: MarketView): string[] {
  const live = leases.filter(isLive);
  const waiting = orders.filter(({ status }) => status === 'Pending');
  const last = Math.max(0, ...live.map(({ endsAt }) => endsAt));
  const lines = [
    ...(live.length > 0
      ? [`Still running here: ${counted(live.length, 'lease')}; the last ends by ${timeText(last)}.`]
      : []),
    ...(waiting.length > 0
      ? [
          `Still waiting here: ${counted(waiting.length, 'order')}; a daemon that runs refuses what comes while it drains.`,
        ]
      : []),
  ];
  // A disputed lease holds its part of the machine until the verdict.
  if (lines.length === 0 && resource !== undefined && isTaken(resource))
    lines.push('A part of the machine is still held by a lease that is not settled.');
  return lines.length === 0 ? [] : [...lines, 'Leave when nothing is in the way: hamster-provider leave'];
}

function isTaken({ liveLeases, allocated }: NonNullable<MarketView['resource']>): boolean {
  return liveLeases > 0 || allocated.cpuCores > 0 || allocated.memoryMib > 0 || allocated.diskGib > 0;
}
