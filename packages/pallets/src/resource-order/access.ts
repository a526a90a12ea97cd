import { type Context, orFail } from '@hamster/frame';

import { errors } from './errors.ts';
import { Leases, Orders } from './storage.ts';
import type { Lease, LeaseStatus, Order } from './types.ts';

/** @throws DispatchFailure OrderNotFound */
export const orderAt = (ctx: Context, id: bigint): Order => orFail(Orders.get(ctx, id), errors.OrderNotFound);

/** @throws DispatchFailure LeaseNotFound */
export const leaseAt = (ctx: Context, id: bigint): Lease => orFail(Leases.get(ctx, id), errors.LeaseNotFound);

/** Runs, with or without reports: its end will come by itself. */
export const isRunning = ({ type }: LeaseStatus): boolean => type === 'Active' || type === 'Suspended';

/** Holds money of its parties. */
export const isLive = (status: LeaseStatus): boolean => isRunning(status) || status.type === 'Disputed';
