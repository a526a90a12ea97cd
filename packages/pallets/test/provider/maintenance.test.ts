import { describe, expect, it } from 'vitest';

import { errors } from '../../src/provider/errors.ts';
import { PUBLIC_PARAMETERS } from '../../src/provider/parameters.ts';
import { isMaintenanceAllowed } from '../../src/provider/rules/maintenance.ts';
import { BOB, DAY, HOUR, MINUTE } from '../market/fixtures.ts';
import { market } from '../market/market.ts';

const now = 1_000n * DAY;
const allowed = (from: bigint, to: bigint, previous?: { from: bigint; to: bigint }, at = now): boolean =>
  isMaintenanceAllowed({ from, to }, previous, at, PUBLIC_PARAMETERS);

describe('maintenance', () => {
  it('is announced a day ahead and lasts at most two hours', () => {
    expect(allowed(now + DAY, now + DAY + 2n * HOUR)).toBe(true);
    expect(allowed(now + DAY - 1n, now + DAY + HOUR)).toBe(false);
    expect(allowed(now + DAY, now + DAY + 2n * HOUR + 1n)).toBe(false);
    expect(allowed(now + DAY, now + DAY)).toBe(false);
    expect(allowed(now + DAY + HOUR, now + DAY)).toBe(false);
    expect(allowed(now + 401n * DAY, now + 401n * DAY + HOUR)).toBe(false);
  });

  it('comes once a week', () => {
    const last = { from: now - 3n * DAY, to: now - 3n * DAY + HOUR };
    expect(allowed(last.from + 7n * DAY, last.from + 7n * DAY + HOUR, last)).toBe(true);
    expect(allowed(last.from + 7n * DAY - 1n, last.from + 7n * DAY + HOUR, last)).toBe(false);
  });

  it('may be put off before it begins, but not drawn nearer', () => {
    const next = { from: now + 2n * DAY, to: now + 2n * DAY + HOUR };
    expect(allowed(next.from + DAY, next.from + DAY + 2n * HOUR, next)).toBe(true);
    expect(allowed(next.from - 1n, next.to, next)).toBe(false);
  });

  it('is not forgotten before every lease has seen it', () => {
    const running = { from: now - MINUTE, to: now + HOUR };
    expect(allowed(now + 8n * DAY, now + 8n * DAY + HOUR, running)).toBe(false);
    expect(allowed(now + 8n * DAY, now + 8n * DAY + HOUR, running, running.to + DAY)).toBe(true);
  });

  it('is written on the machine', () => {
    const { ok, refuses, provider, machine, resource, chain } = market();
    const id = machine();
    const from = chain.ctx.now + DAY;
    refuses(BOB, provider.announce_maintenance, { resource: id, from, to: from }, errors.InvalidMaintenance);
    ok(BOB, provider.announce_maintenance, { resource: id, from, to: from + HOUR });
    expect(resource(id).maintenance).toEqual({ from, to: from + HOUR });
    const said = { resource: id, from, to: from + HOUR };
    expect(chain.events().at(-1)).toEqual(['Provider', 'MaintenanceAnnounced', said]);
  });
});
