import { Command } from 'commander';
import type { ChainClient, Lease, Order } from '@hamster/chain-client';
import { count, positive } from '../cli/arguments.ts';
import type { Account } from '../cli/account.ts';
import type { Context } from '../cli/context.ts';
import { CliError, EXIT } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { duration, moment } from '../format/duration.ts';
import { toJson } from '../format/json.ts';
import { ham, roundHam } from '../format/money.ts';
import { slice } from '../format/size.ts';
import { harmless } from '@hamster/daemon';
import { showProgress } from '../format/progress.ts';
import { keyToRentWith } from '../ssh/key-files.ts';
import { requireConsent } from './consent.ts';
import { quoteFor, quoteLines } from './offer.ts';
import { chooseMachine } from './rent-choices.ts';
import type { Choice, RentFlags } from './rent-choices.ts';
import { addFilterOptions } from './spec-options.ts';
import { submitCall } from './submit-call.ts';

/** The provider's time is over by the chain's clock; this is for the block that says so. */
const SLACK_MS = 60_000;

export function rentCommand(run: Run): Command {
  const command = new Command('rent')
    .description('rent a slice of a machine; asks before it pays')
    .argument('[machine]', 'id, as in `hamster market`; otherwise the cheapest that fits', positive);
  return addFilterOptions(command)
    .option('--hours <number>', 'how long', count)
    .option(
      '--key <file>',
      'SSH key to log in with (default ~/.ssh/id_ed25519, else one made for the purpose)',
    )
    .option('--yes', 'do not ask', false)
    .action(run(rent));
}

async function rent(context: Context, machine: number | undefined, flags: RentFlags): Promise<void> {
  const chain = await context.chain();
  const account = await context.account();
  const choice = await chooseMachine(context, machine, flags);
  const { publicKey } = await keyToRentWith(context.settings.home, flags.key);
  const id = await placeOrder(context, { account, choice, publicKey, yes: flags.yes });
  const lease = await awaitLease(context, chain, id);
  if (context.settings.json) return context.print(toJson(lease));
  context.print(welcome(lease));
}

interface Deal {
  readonly account: Account;
  readonly choice: Choice;
  readonly publicKey: string;
  readonly yes: boolean;
}

/** Shows the price, asks, and pays. What was shown is the most that the chain may take. */
async function placeOrder(context: Context, { account, choice, publicKey, yes }: Deal): Promise<number> {
  const chain = await context.chain();
  const { offer, spec, hours, image } = choice;
  const cost = await quoteFor(chain, offer, spec, hours);
  const call = chain.calls.resourceOrder.createOrder({
    resource: offer.id,
    spec,
    hours,
    image,
    sshPublicKey: publicKey,
    maxPricePerHour: cost.perHour,
  });
  const [fee, balance] = await Promise.all([
    chain.fee(call, account.address),
    chain.balance(account.address),
  ]);
  context.tell(`Machine ${offer.id}: ${slice(spec)}, ${harmless(image)}`);
  context.tell([...quoteLines(cost), `  fee       ${roundHam(fee)} for the order itself`].join('\n'));
  if (balance.transferable < cost.total + fee) {
    throw new CliError(
      'NOT_ENOUGH_MONEY',
      `The account has ${ham(balance.transferable)} to spend, which is not enough. Choose fewer hours, or add money.`,
    );
  }
  await requireConsent(context, `Put ${ham(cost.total)} into escrow?`, yes);
  const { events } = await submitCall(context, call, { look: 'hamster orders' });
  return events.get('resourceOrder.OrderCreated').order;
}

/** Waits for the provider's answer. Throws CliError with exit code 3 when it is no. */
async function awaitLease(context: Context, chain: ChainClient, id: number): Promise<Lease> {
  const placed = await chain.order(id);
  const now = await chain.now();
  const timeoutMs = (placed ? placed.expiresAt - now : 0) + SLACK_MS;
  const progress = showProgress(context.terminal, `Order ${id} is placed; the machine is being made`);
  try {
    const answered = await chain.awaitOrder(id, ({ status }) => status !== 'Pending', {
      signal: context.signal,
      timeoutMs,
    });
    if (answered && answered.status !== 'Accepted') throw refused(answered);
    const lease = await chain.lease(id);
    if (lease) return lease;
    throw new CliError(
      'ORDER_FORGOTTEN',
      `Order ${id} is gone from the chain without a lease. See \`hamster leases --all\`.`,
    );
  } catch (error) {
    if (context.signal.aborted)
      context.tell(`Order ${id} goes on without you. Withdraw it with: hamster cancel ${id}`);
    throw error;
  } finally {
    progress.stop();
  }
}

function refused(order: Order): CliError {
  const back = `${ham(order.escrow)} came back.`;
  if (order.status === 'Rejected') {
    const reason = order.rejection ? `: ${harmless(order.rejection)}` : ' without a reason';
    return new CliError(
      'ORDER_REJECTED',
      `The provider rejected order ${order.id}${reason}. ${back}`,
      EXIT.notAccepted,
    );
  }
  const what = order.status === 'Expired' ? 'was not answered in time' : 'was withdrawn';
  return new CliError('ORDER_NOT_ACCEPTED', `Order ${order.id} ${what}. ${back}`, EXIT.notAccepted);
}

function welcome(lease: Lease): string {
  return [
    `Lease ${lease.id} runs until ${moment(lease.endsAt)} (${duration(lease.endsAt - lease.startedAt)}).`,
    `  ${slice(lease.spec)}, ${harmless(lease.image)}`,
    `  ${ham(lease.pricePerHour)} per hour, ${ham(lease.escrow)} in escrow`,
    '',
    `Log in with: hamster ssh ${lease.id}`,
  ].join('\n');
}
