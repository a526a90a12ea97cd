import { type AccountId, bytesEqual, type Origin, type RuntimeCall } from '@hamster/frame';

import { Disputes } from '../../src/arbitration/storage.ts';
import { Resources } from '../../src/provider/storage.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
import { Key } from '../../src/sudo/storage.ts';
import type { Market } from './market.ts';

interface Args {
  readonly resource: bigint;
  readonly order: bigint;
  readonly lease: bigint;
  readonly dispute: bigint;
  readonly reports: readonly { readonly lease: bigint }[];
}

/** Whoever may make the call, one of them; of what is not there nobody. */
type Rule = (m: Market, args: Args) => readonly (AccountId | undefined)[];

const owner: Rule = ({ chain: { ctx } }, { resource }) => [Resources.get(ctx, resource)?.owner];
const master: Rule = ({ chain: { ctx } }) => [Key.get(ctx)];
const nobody: Rule = () => [];
const panel: Rule = ({ chain: { ctx } }, { dispute }) => Disputes.get(ctx, dispute)?.panel ?? [];

/** A second opinion, from outside of the pallets; what is not named here is everybody's. */
const RULES: Readonly<Record<string, Rule>> = {
  'Provider.update_prices': owner,
  'Provider.update_capacity': owner,
  'Provider.set_available_until': owner,
  'Provider.update_endpoint': owner,
  'Provider.set_status': owner,
  'Provider.announce_maintenance': owner,
  'Provider.remove_resource': owner,
  'ResourceOrder.accept_order': ({ chain: { ctx } }, { order }) => [Orders.get(ctx, order)?.provider],
  'ResourceOrder.reject_order': ({ chain: { ctx } }, { order }) => [Orders.get(ctx, order)?.provider],
  'ResourceOrder.cancel_order': ({ chain: { ctx } }, { order }) => [Orders.get(ctx, order)?.renter],
  'ResourceOrder.terminate_lease': ({ chain: { ctx } }, { lease }) => {
    const { renter, provider } = Leases.get(ctx, lease) ?? {};
    return [renter, provider];
  },
  'Arbitration.open_dispute': ({ chain: { ctx } }, { lease }) => [Leases.get(ctx, lease)?.renter],
  'Arbitration.commit_vote': panel,
  'Arbitration.reveal_vote': panel,
  'Sudo.sudo': master,
  'Sudo.sudo_as': master,
  'Sudo.set_key': master,
  'Sudo.remove_key': master,
  'Balances.force_transfer': nobody,
  'Balances.force_set_balance': nobody,
  'Validators.add_validator': nobody,
  'Validators.remove_validator': nobody,
  'Validators.set_keys': nobody,
  'Treasury.spend': nobody,
  'Authorities.schedule_change': nobody,
};

/** Reports are about leases of the provider, or about none any more. */
const areOwn = ({ chain: { ctx } }: Market, who: AccountId, { reports }: Args): boolean =>
  reports.every(({ lease }) => bytesEqual(Leases.get(ctx, lease)?.provider ?? who, who));

/** Whether it is for them at all, before anything else is asked. Root may do whatever anybody but an account may. */
export const isAllowed = (m: Market, origin: Origin, { type, value }: RuntimeCall): boolean => {
  if (origin.type !== 'Signed') return true;
  const args = (value.value ?? {}) as Args;
  const { who } = origin;
  if (value.type === 'set_parameters') return false;
  if (type === 'ResourceOrder' && value.type === 'heartbeat') return areOwn(m, who, args);
  const allowed = RULES[`${type}.${value.type}`]?.(m, args);
  return !allowed || allowed.some((each) => each !== undefined && bytesEqual(each, who));
};
