import { errors as arbitration } from '../../src/arbitration/errors.ts';
import { events as arbitrationEvents } from '../../src/arbitration/events.ts';
import { errors as authorities } from '../../src/authorities/errors.ts';
import { events as authoritiesEvents } from '../../src/authorities/events.ts';
import { errors as gateway } from '../../src/gateway/errors.ts';
import { events as gatewayEvents } from '../../src/gateway/events.ts';
import { errors as provider } from '../../src/provider/errors.ts';
import { events as providerEvents } from '../../src/provider/events.ts';
import { errors as resourceOrder } from '../../src/resource-order/errors.ts';
import { events as resourceOrderEvents } from '../../src/resource-order/events.ts';
import { errors as sudo } from '../../src/sudo/errors.ts';
import { events as sudoEvents } from '../../src/sudo/events.ts';
import { errors as treasury } from '../../src/treasury/errors.ts';
import { events as treasuryEvents } from '../../src/treasury/events.ts';
import { errors as utility } from '../../src/utility/errors.ts';
import { events as utilityEvents } from '../../src/utility/events.ts';
import { errors as validators } from '../../src/validators/errors.ts';
import { events as validatorsEvents } from '../../src/validators/events.ts';
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

/** Of FRAME's own errors none is met; of ours two take more machines than a life has, or come behind the same check of somebody else. */
const UNMET = ['Provider.TooManyResources', 'Provider.InsufficientCapacity'];

/** Every error of ours that a call can end with, as "Pallet.Error". */
export const ERRORS: readonly string[] = Object.entries({
  ...{ Provider: provider, ResourceOrder: resourceOrder, Gateway: gateway, Arbitration: arbitration },
  ...{ Validators: validators, Treasury: treasury, Authorities: authorities, Sudo: sudo, Utility: utility },
})
  .flatMap(([pallet, { names }]) => names.map((name) => `${pallet}.${name}`))
  .filter((name) => !UNMET.includes(name));

/** Every event of ours, as "Pallet.Event". */
export const EVENTS: readonly string[] = Object.entries({
  ...{ Provider: providerEvents, ResourceOrder: resourceOrderEvents, Gateway: gatewayEvents },
  ...{ Arbitration: arbitrationEvents, Validators: validatorsEvents, Treasury: treasuryEvents },
  ...{ Authorities: authoritiesEvents, Sudo: sudoEvents, Utility: utilityEvents },
}).flatMap(([pallet, { type: _, ...events }]) => Object.keys(events).map((name) => `${pallet}.${name}`));
