import { defineCall, ensureSigned, weightOf } from '@hamster/frame';
import { bytes, u64, vec } from '@hamster/scale';

import { ownResource } from '../access.ts';
import { events } from '../events.ts';
import { ensureImages, ensurePeerId } from '../rules/offer.ts';
import { Resources } from '../storage.ts';

export const updateEndpoint = defineCall({
  index: 7,
  docs: ['Change under which peer id a machine is reached, and the images that it offers.'],
  args: { resource: u64, peer_id: bytes, images: vec(bytes) },
  weight: () => weightOf(500, 6),
  dispatch(ctx, origin, { resource, peer_id, images }) {
    const found = ownResource(ctx, resource, ensureSigned(origin));
    ensurePeerId(peer_id);
    ensureImages(images);
    Resources.put(ctx, resource, { ...found, peer_id, images });
    ctx.deposit(events.ResourceUpdated({ resource }));
  },
});
