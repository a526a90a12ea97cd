import { HAM, POTS } from '@hamster/runtime';
import { type CallCase, asRoot, fund, sudo } from '../case.ts';
import { at, type Cast, keysOf, LONG_ERA, LONGEST, MAX_VALIDATORS, parametersOf } from '../cast.ts';
import type { Chain } from '../chain.ts';
import { relay } from '../scene.ts';

const SECOND = 1_000;
/** Shorter than what would be a standstill, so that the time in between counts. */
export const SHORT_ERA = 18 * SECOND;
/** As many eras as a claim may have to look through. */
const MAX_ERAS = 168;

const ofGateway = (
  name: string,
  proof: string,
  more: Partial<CallCase> = {},
  ...args: unknown[]
): CallCase => ({
  call: `Gateway.${name}`,
  proof: `gateway.${proof}`,
  make: (chain, { gateways }, index) => ({
    by: at(gateways, index),
    call: chain.call(`Gateway.${name}`, ...args),
  }),
  ...more,
});

export function reportAll(chain: Chain, gateways: Cast['gateways']): void {
  for (const gateway of gateways) chain.send(gateway, 'Gateway.heartbeat');
}

export function leaveAll(chain: Chain, { gateways }: Cast): void {
  for (const gateway of gateways) chain.send(gateway, 'Gateway.go_offline');
}

/** Eras that are over within one block each. */
export function shortenEras(chain: Chain, cast: Cast, claimable = MAX_ERAS): void {
  const parameters = { era: SHORT_ERA, claimable_eras: claimable, due_per_block: 1_000 };
  asRoot(chain, cast, 'Gateway.set_parameters', parametersOf('gateway', parameters));
  chain.next(LONG_ERA);
}

const claimants = ({ gateways }: Cast): Cast['gateways'] => gateways.slice(0, 4);

/** Some gateways earn in as many eras as anybody may claim for. */
function earn(chain: Chain, cast: Cast): void {
  shortenEras(chain, cast);
  for (let era = 0; era < MAX_ERAS; era++) {
    fund(chain, cast, POTS.gateways, HAM);
    reportAll(chain, claimants(cast));
    chain.next(SHORT_ERA);
  }
}

const gatewayCases: readonly CallCase[] = [
  {
    call: 'Gateway.register',
    proof: 'gateway.Registered',
    make: (chain, { spare }, index) => ({
      by: at(spare, index),
      call: chain.call('Gateway.register', ...relay),
    }),
  },
  ofGateway('update_endpoint', 'EndpointUpdated', { endless: true }, LONGEST.peerId, LONGEST.addresses),
  ofGateway('heartbeat', 'HeartbeatReceived', { wait: 10 * SECOND }),
  ofGateway('go_offline', 'WentOffline', { wait: 10 * SECOND }),
  ofGateway('go_online', 'WentOnline', { wait: 10 * SECOND, prepare: leaveAll }),
  ofGateway('reset', 'Reset', { wait: 15 * SECOND, prepare: (chain) => chain.pass(100 * SECOND) }),
  ofGateway('withdraw_unbonded', 'Withdrawn', { wait: 61 * SECOND, prepare: leaveAll }),
  ofGateway('claim_rewards', 'RewardsClaimed', { count: (cast) => claimants(cast).length, prepare: earn }),
];

const validatorCases: readonly CallCase[] = [
  {
    call: 'Validators.add_validator',
    proof: 'validators.ValidatorAdded',
    count: () => 1,
    prepare: (chain, cast) =>
      asRoot(chain, cast, 'Validators.remove_validator', at(cast.validators, MAX_VALIDATORS - 1).publicKey),
    make: (chain, cast) =>
      sudo(chain, cast, 'Validators.add_validator', at(cast.spare, 0).publicKey, keysOf(1_000)),
  },
  {
    call: 'Validators.remove_validator',
    proof: 'validators.ValidatorRemoved',
    make: (chain, cast, index) =>
      sudo(chain, cast, 'Validators.remove_validator', at(cast.validators, index).publicKey),
  },
  {
    call: 'Validators.set_keys',
    proof: 'validators.KeysSet',
    endless: true,
    make: (chain, cast, index) =>
      sudo(chain, cast, 'Validators.set_keys', at(cast.validators, index).publicKey, keysOf(1_000 + index)),
  },
  {
    call: 'Validators.claim_rewards',
    proof: 'validators.RewardsClaimed',
    wait: LONG_ERA,
    prepare: (chain, cast) => fund(chain, cast, POTS.validators, 640n * HAM),
    make: (chain, { validators }, index) => ({
      by: at(validators, index),
      call: chain.call('Validators.claim_rewards'),
    }),
  },
];

/** Those who keep the network up. */
export const networkCases: readonly CallCase[] = [...gatewayCases, ...validatorCases];
