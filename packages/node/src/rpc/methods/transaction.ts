import { opaqueExtrinsic } from '../../opaque-extrinsic.ts';
import { ERROR_CODES, RpcError } from '../protocol/errors.ts';
import { sharedMethod } from '../protocol/method.ts';
import { bytes, text } from '../protocol/params.ts';
import { newId } from '../protocol/session.ts';
import { Broadcast } from './broadcast.ts';

/** Null when this connection broadcasts too many already. */
export const transaction_v1_broadcast = sharedMethod([bytes('transaction')], (call, transaction) => {
  const { session, limits } = call;
  if (session.broadcasts.size >= limits.broadcastsPerConnection) return null;
  const id = newId();
  const broadcast = new Broadcast({
    context: call,
    extrinsic: opaqueExtrinsic(transaction) ?? transaction,
    over: () => session.broadcasts.delete(id),
  });
  session.broadcasts.set(id, broadcast);
  void broadcast.submit();
  return id;
});

/** As Substrate, takes the transaction out of the pool, too, and knows nothing of a broadcast that is over. */
export const transaction_v1_stop = sharedMethod([text('operationId')], ({ session }, id) => {
  const broadcast = session.broadcasts.get(id);
  if (!broadcast) throw new RpcError(ERROR_CODES.invalidParams, 'Invalid operation id');
  broadcast.withdraw();
  session.broadcasts.delete(id);
  return null;
});
