import { opaqueExtrinsic } from '../../opaque-extrinsic.ts';
import { ERROR_CODES, RpcError } from '../protocol/errors.ts';
import { sessionMethod } from '../protocol/method.ts';
import { bytes, text } from '../protocol/params.ts';
import { newId } from '../protocol/session.ts';
import { Broadcast } from './broadcast.ts';

/** Null when this connection broadcasts too many already. */
export const transaction_v1_broadcast = sessionMethod([bytes('transaction')], (call, transaction) => {
  const { session, limits } = call;
  if (session.broadcasts.size >= limits.broadcastsPerConnection) return null;
  const id = newId();
  const broadcast = new Broadcast(call, opaqueExtrinsic(transaction) ?? transaction);
  session.broadcasts.set(id, broadcast);
  void broadcast.submit();
  return id;
});

export const transaction_v1_stop = sessionMethod([text('operationId')], ({ session }, id) => {
  const broadcast = session.broadcasts.get(id);
  if (!broadcast) throw new RpcError(ERROR_CODES.invalidParams, 'Invalid operation id');
  broadcast.stop();
  session.broadcasts.delete(id);
  return null;
});
