import { Command } from 'commander';
import type { Order } from '@hamster/chain-client';
import type { Context } from '../cli/context.ts';
import { CliError } from '../cli/errors.ts';
import { harmless } from '@hamster/daemon';
import { positive } from '../cli/arguments.ts';
import type { Run } from '../cli/program.ts';
import { duration, moment } from '../format/duration.ts';
import { toJson } from '../format/json.ts';
import { ham, roundHam } from '../format/money.ts';
import { slice } from '../format/size.ts';
import { table } from '../format/table.ts';
import { submitCall } from './submit-call.ts';

export function ordersCommand(run: Run): Command {
  return new Command('orders').description('orders that you made, answered or not').action(run(orders));
}

export function cancelCommand(run: Run): Command {
  return new Command('cancel')
    .description('withdraw an order that was not answered yet; all of the money comes back')
    .argument('<order>', 'id, as in `hamster orders`', positive)
    .action(run(cancel));
}

async function orders(context: Context): Promise<void> {
  const chain = await context.chain();
  const { address } = await context.account();
  const [list, now] = await Promise.all([chain.ordersOf(address), chain.now()]);
  if (context.settings.json) return context.print(toJson(list));
  if (list.length === 0) return context.print('You have made no orders. Look at `hamster market`.');
  context.print(
    table(list, [
      { title: 'ORDER', value: ({ id }) => String(id), right: true },
      { title: 'STATUS', value: (order) => standing(order, now) },
      { title: 'MADE', value: ({ createdAt }) => moment(createdAt) },
      { title: 'HOURS', value: ({ hours }) => String(hours), right: true },
      { title: 'PER HOUR', value: ({ pricePerHour }) => roundHam(pricePerHour), right: true },
      { title: 'IMAGE', value: ({ image }) => image },
      { title: 'MACHINE', value: ({ resource, spec }) => `${resource}: ${slice(spec)}` },
    ]),
  );
}

function standing(order: Order, now: number): string {
  if (order.status === 'Pending') return `pending, ${duration(order.expiresAt - now)} left`;
  return order.rejection ? `rejected: ${harmless(order.rejection)}` : order.status.toLowerCase();
}

async function cancel(context: Context, id: number): Promise<void> {
  const chain = await context.chain();
  const order = await chain.order(id);
  if (!order) {
    const message = `There is no order ${id}; closed ones are forgotten after a while. See yours with: hamster orders`;
    throw new CliError('NO_SUCH_ORDER', message);
  }
  await submitCall(context, chain.calls.resourceOrder.cancelOrder(id), { look: 'hamster orders' });
  if (context.settings.json) return context.print(toJson({ order: id, refunded: order.escrow }));
  context.print(`Order ${id} is withdrawn; ${ham(order.escrow)} came back.`);
}
