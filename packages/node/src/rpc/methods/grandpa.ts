import { toHex } from '@hamster/crypto';
import { grandpaProof } from '../../consensus/grandpa.ts';
import type { FeedEvent } from '../block-feed.ts';
import { finalityProof } from '../finality-proof.ts';
import { notYetFinal } from '../protocol/errors.ts';
import { method, sessionMethod } from '../protocol/method.ts';
import { subscriptionId, uint32 } from '../protocol/params.ts';

const JUSTIFICATION_EVENT = 'grandpa_justifications';

/** The justification of each block that becomes final by one of its own. */
export const grandpa_subscribeJustifications = sessionMethod([], ({ feed, session, afterResponse }) => {
  const subscription = session.subscribe(JUSTIFICATION_EVENT, afterResponse);
  const onBlock = ({ justifications }: FeedEvent): void => {
    for (const justification of justifications) {
      const proof = grandpaProof(justification);
      if (proof) subscription.notify(toHex(proof));
    }
  };
  subscription.onEnd(feed.subscribe(onBlock, session));
  return subscription.id;
});

export const grandpa_unsubscribeJustifications = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, JUSTIFICATION_EVENT),
);

/** An encoded `FinalityProof`; null where there is no justification that covers the block. */
export const grandpa_proveFinality = method([uint32('block')], ({ backend }, number) => {
  if (number > backend.finalized().number) throw notYetFinal();
  const proof = finalityProof(backend, number);
  return proof ? toHex(proof) : null;
});
