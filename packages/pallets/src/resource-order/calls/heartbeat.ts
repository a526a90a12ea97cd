import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { vec } from '@hamster/scale';

import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { takeReport } from '../lease/report.ts';
import { areReportsDue } from '../lease/urgent.ts';
import { MAX_REPORTS, Report } from '../types.ts';

export const heartbeat = (config: ResourceOrderConfig) =>
  defineCall({
    index: 4,
    docs: [
      'Report the machines of your leases, all in one call: what each of them has, and whether it runs.',
      '',
      'A report pays you the time since the one before. One that is under the agreed size counts as none. Reports of',
      'leases that have ended meanwhile are passed over.',
      '',
      'Where at least half of them, or all but four, are reports of running machines that were reported half an interval ago',
      'or longer, each of another lease, the call has a place in the block that others cannot take.',
    ],
    args: { reports: vec(Report) },
    class: 'Operational',
    weight: ({ reports }) => weightOf(100 + 250 * reports.length, 4 + 12 * reports.length),
    isUrgent: (ctx, origin, { reports }) =>
      origin.type === 'Signed' && areReportsDue(ctx, config, origin.who, reports),
    dispatch(ctx, origin, { reports }) {
      const provider = ensureSigned(origin);
      ensure(reports.length <= MAX_REPORTS, errors.TooManyReports);
      const counted = reports.filter((report) => takeReport(ctx, config, provider, report));
      const leases = new Set(counted.map(({ lease }) => lease)).size;
      ctx.deposit(events.HeartbeatReceived({ provider, leases }));
    },
  });
