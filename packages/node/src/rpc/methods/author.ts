import { toHex } from '@hamster/crypto';
import { opaqueExtrinsic } from '../../opaque-extrinsic.ts';
import { isFinalStatus, type TransactionStatus } from '../../pool/status.ts';
import { faultText, opaqueFault } from '../opaque-fault.ts';
import { badExtrinsicFormat, notEvenOpaque } from '../protocol/errors.ts';
import { method, sessionMethod } from '../protocol/method.ts';
import { bytes, subscriptionId } from '../protocol/params.ts';

const UPDATE_EVENT = 'author_extrinsicUpdate';

export const author_submitExtrinsic = method([bytes('bytes')], ({ backend }, given) => {
  const extrinsic = opaqueExtrinsic(given);
  if (!extrinsic) throw notEvenOpaque(faultText(opaqueFault(given)));
  return backend.submit(extrinsic);
});

/** Those that a block could take now, as Substrate: others wait in the pool without being told. */
export const author_pendingExtrinsics = method([], ({ backend }) =>
  backend.ready().map((extrinsic) => toHex(extrinsic)),
);

export const author_submitAndWatchExtrinsic = sessionMethod([bytes('bytes')], async (call, given) => {
  const extrinsic = opaqueExtrinsic(given);
  if (!extrinsic) throw badExtrinsicFormat(faultText(opaqueFault(given)));
  const subscription = call.session.subscribe(UPDATE_EVENT, call.afterResponse);
  try {
    const watched = await call.backend.watch(extrinsic, (status) => {
      subscription.notify(statusJson(status));
      if (isFinalStatus(status)) subscription.end();
    });
    subscription.onEnd(() => watched.unsubscribe());
  } catch (error) {
    subscription.end();
    throw error;
  }
  return subscription.id;
});

export const author_unwatchExtrinsic = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, UPDATE_EVENT),
);

/** States without a value are bare strings: `{"ready":null}` kills some clients. */
function statusJson(status: TransactionStatus): unknown {
  switch (status.type) {
    case 'inBlock':
    case 'retracted':
    case 'finalized':
      return { [status.type]: status.block };
    case 'usurped':
      return { usurped: status.by };
    default:
      return status.type;
  }
}
