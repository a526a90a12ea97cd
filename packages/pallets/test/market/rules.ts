import { DEV_PARAMETERS as ORDERS } from '../../src/resource-order/parameters.ts';
import { HOUR, MINUTE } from './fixtures.ts';

/** Short hours, so that leases also reach their end; a bound on the agenda that makes work carry over. */
export const RULES = { ...ORDERS, hour: 2n * MINUTE, due_per_block: 4, retention: HOUR };
