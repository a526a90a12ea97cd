import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { ownResource } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { isMaintenanceAllowed } from '../rules/maintenance.ts';
import { Parameters, Resources } from '../storage.ts';

export const announceMaintenance = defineCall({
  index: 9,
  docs: [
    'Announce that a machine will be down from `from` until `to`, in milliseconds since 1970. In this time leases',
    'cost nothing, and silence is no fault.',
    '',
    'A window that has not begun can be put off by announcing a later one in its place.',
  ],
  args: { resource: u64, from: u64, to: u64 },
  weight: () => weightOf(200, 6),
  dispatch(ctx, origin, { resource, from, to }) {
    const found = ownResource(ctx, resource, ensureSigned(origin));
    const maintenance = { from, to };
    const limits = Parameters.get(ctx);
    const allowed = isMaintenanceAllowed(maintenance, found.maintenance, ctx.now, limits);
    ensure(allowed, errors.InvalidMaintenance);
    Resources.put(ctx, resource, { ...found, maintenance });
    ctx.deposit(events.MaintenanceAnnounced({ resource, from, to }));
  },
});
