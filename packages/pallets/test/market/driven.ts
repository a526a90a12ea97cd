import { GATEWAY_CALLS, ORDER_CALLS, PROVIDER_CALLS } from './hostile.ts';
import { COURT_CALLS, PARAMETER_CALLS, SPEND_CALLS, VALIDATOR_CALLS } from './hostile-court.ts';
import {
  AUTHORITIES_CALLS,
  BALANCES_CALLS,
  KEY_CALLS,
  SYSTEM_CALLS,
  TIMESTAMP_CALLS,
} from './hostile-money.ts';
import { BATCHES } from './nested.ts';

const TABLES = {
  System: SYSTEM_CALLS,
  Timestamp: TIMESTAMP_CALLS,
  Balances: BALANCES_CALLS,
  Authorities: AUTHORITIES_CALLS,
  Provider: PROVIDER_CALLS,
  ResourceOrder: ORDER_CALLS,
  Gateway: GATEWAY_CALLS,
  Arbitration: COURT_CALLS,
  Validators: VALIDATOR_CALLS,
  Treasury: SPEND_CALLS,
  Sudo: { ...KEY_CALLS, sudo: undefined, sudo_as: undefined },
  Utility: Object.fromEntries(BATCHES.map((name) => [name, undefined])),
};

/** Every call that chaos makes, as "Pallet.call". */
export const DRIVEN: readonly string[] = [
  ...Object.entries(TABLES).flatMap(([pallet, calls]) =>
    Object.keys(calls).map((name) => `${pallet}.${name}`),
  ),
  ...PARAMETER_CALLS.map((pallet) => `${pallet}.set_parameters`),
].sort();
