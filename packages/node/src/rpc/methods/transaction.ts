import { opaqueExtrinsic } from '../../opaque-extrinsic.ts';
import type { RpcLimits } from '../context.ts';
import { ERROR_CODES, RpcError } from '../protocol/errors.ts';
import { sharedMethod } from '../protocol/method.ts';
import { bytes, text } from '../protocol/params.ts';
import { newId, type Session } from '../protocol/session.ts';
import { Broadcast } from './broadcast.ts';

/** Null when this connection broadcasts too many already. Who has none of its own takes the place of another. */
export const transaction_v1_broadcast = sharedMethod([bytes('transaction')], (call, transaction) => {
  const { session, limits } = call;
  const extrinsic = opaqueExtrinsic(transaction) ?? transaction;
  if (session.isShared) makeRoom(session, extrinsic.length, limits);
  else if (session.broadcasts.size >= limits.broadcastsPerConnection) return null;
  const id = newId();
  const broadcast = new Broadcast({
    context: call,
    extrinsic,
    over: () => session.broadcasts.delete(id),
  });
  session.broadcasts.set(id, broadcast);
  void broadcast.submit();
  return id;
});

/** Gives up the oldest that the pool does not take. Where it has all of them, they stay there, and no more is done for the oldest. */
function makeRoom(session: Session, bytes: number, limits: RpcLimits): void {
  const { broadcasts } = session;
  const hasRoom = (): boolean =>
    broadcasts.size < limits.sharedBroadcasts &&
    session.broadcastBytes + bytes <= limits.sharedBroadcastBytes;
  while (broadcasts.size > 0 && !hasRoom()) {
    const all = [...broadcasts];
    const [id, broadcast] = all.find(([, { isTaken }]) => !isTaken) ?? all[0] ?? [];
    broadcast?.stop();
    if (id !== undefined) broadcasts.delete(id);
  }
}

/** As Substrate, takes the transaction out of the pool, too, and knows nothing of a broadcast that is over. */
export const transaction_v1_stop = sharedMethod([text('operationId')], ({ session }, id) => {
  const broadcast = session.broadcasts.get(id);
  if (!broadcast) throw new RpcError(ERROR_CODES.invalidParams, 'Invalid operation id');
  broadcast.withdraw();
  session.broadcasts.delete(id);
  return null;
});
