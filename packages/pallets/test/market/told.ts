import type { AccountId } from '@hamster/frame';
import { strict as assert } from 'node:assert';

/** A pallet, the name of its event, and the fields. */
export type Told = readonly (readonly [pallet: string, name: string, value: unknown])[];

interface Amounts {
  readonly free: bigint;
  readonly held: bigint;
}
export type Balances = ReadonlyMap<string, Amounts>;

const NOTHING: Amounts = { free: 0n, held: 0n };

/** The fields of the events that move money. */
interface Moved {
  readonly who: AccountId;
  readonly account: AccountId;
  readonly from: AccountId;
  readonly to: AccountId;
  readonly source: AccountId;
  readonly dest: AccountId;
  readonly amount: bigint;
  readonly free: bigint;
}

type Change = (who: AccountId, free: bigint, held?: bigint) => void;

/** How each event says that balances have changed. `BalanceSet` says what they are. */
const MOVES: Readonly<Record<string, (moved: Moved, change: Change) => void>> = {
  Transfer: ({ from, to, amount }, change) => [change(from, -amount), change(to, amount)],
  TransferOnHold: ({ source, dest, amount }, change) => [change(source, 0n, -amount), change(dest, amount)],
  Held: ({ who, amount }, change) => change(who, -amount, amount),
  Released: ({ who, amount }, change) => change(who, amount, -amount),
  Deposit: ({ who, amount }, change) => change(who, amount),
  Withdraw: ({ who, amount }, change) => change(who, -amount),
  Burned: ({ who, amount }, change) => change(who, -amount),
  DustLost: ({ account, amount }, change) => change(account, -amount),
};

/** What everybody has is what they had before, and what the events tell since: whoever follows them alone knows all balances. */
export const auditTold = (before: Balances, told: Told, after: Balances): void => {
  const known = new Map(before);
  const change: Change = (who, free, held = 0n) => {
    const had = known.get(who.join()) ?? NOTHING;
    known.set(who.join(), { free: had.free + free, held: had.held + held });
  };
  for (const [pallet, name, value] of told) {
    if (pallet !== 'Balances') continue;
    const moved = value as Moved;
    if (name === 'BalanceSet') change(moved.who, moved.free - (known.get(moved.who.join())?.free ?? 0n));
    else MOVES[name]?.(moved, change);
  }
  const some = (balances: Balances) =>
    [...balances].filter(([, { free, held }]) => free !== 0n || held !== 0n).sort();
  assert.deepEqual(some(known), some(after), 'The events do not explain the balances');
};

const ALL: Readonly<Record<string, readonly string[]>> = {
  'Provider.stake': ['Staked'],
  'Provider.unstake': ['Unstaked'],
  'Provider.withdraw_unbonded': ['Withdrawn'],
  'Provider.register_resource': ['ResourceRegistered'],
  'Provider.update_prices': ['ResourceUpdated'],
  'Provider.update_capacity': ['ResourceUpdated'],
  'Provider.set_available_until': ['ResourceUpdated'],
  'Provider.update_endpoint': ['ResourceUpdated'],
  'Provider.set_status': ['ResourceStatusChanged'],
  'Provider.announce_maintenance': ['MaintenanceAnnounced'],
  'Provider.remove_resource': ['ResourceRemoved'],
  'ResourceOrder.create_order': ['OrderCreated'],
  'ResourceOrder.accept_order': ['OrderAccepted'],
  'ResourceOrder.reject_order': ['OrderRejected'],
  'ResourceOrder.cancel_order': ['OrderCancelled'],
  'ResourceOrder.heartbeat': ['HeartbeatReceived'],
  'ResourceOrder.terminate_lease': ['LeaseClosed'],
  'ResourceOrder.extend_lease': ['LeaseExtended'],
  'Gateway.register': ['Registered'],
  'Gateway.update_endpoint': ['EndpointUpdated'],
  'Gateway.heartbeat': ['HeartbeatReceived'],
  'Gateway.go_offline': ['WentOffline'],
  'Gateway.go_online': ['WentOnline'],
  'Gateway.reset': ['Reset', 'Removed'],
  'Gateway.withdraw_unbonded': ['Withdrawn', 'Removed'],
  'Gateway.claim_rewards': ['RewardsClaimed'],
  'Arbitration.open_dispute': ['DisputeOpened'],
  'Arbitration.commit_vote': ['VoteCommitted'],
  'Arbitration.reveal_vote': ['VoteRevealed'],
  'Validators.add_validator': ['ValidatorAdded'],
  'Validators.remove_validator': ['ValidatorRemoved'],
  'Validators.set_keys': ['KeysSet'],
  'Validators.claim_rewards': ['RewardsClaimed'],
  'Treasury.spend': ['Spent'],
  'Authorities.schedule_change': ['NewQueued'],
  'Balances.burn': ['Burned'],
  'Balances.force_set_balance': ['BalanceSet'],
  'System.remark_with_event': ['Remarked'],
  'Sudo.sudo': ['Sudid'],
  'Sudo.sudo_as': ['SudoAsDone'],
  'Sudo.set_key': ['KeyChanged'],
  'Sudo.remove_key': ['KeyRemoved'],
  'Utility.batch': ['BatchCompleted', 'BatchInterrupted'],
  'Utility.batch_all': ['BatchCompleted'],
  'Utility.force_batch': ['BatchCompleted', 'BatchCompletedWithErrors'],
};

/** Each call that succeeds says so. Nothing is to be told of a transfer to oneself, and of settling what is settled. */
export const auditSaid = (pallet: string, call: string, told: Told): void => {
  const wanted = call === 'set_parameters' ? ['ParametersSet'] : ALL[`${pallet}.${call}`];
  const isSaid = told.some(([from, name]) => from === pallet && wanted?.includes(name));
  assert.ok(!wanted || isSaid, `${pallet}.${call} has succeeded, and said nothing of it`);
};
