import { blake2b256 } from '@hamster/crypto';
import { badOrigin, defineCall, ensureSigned, weightOf } from '@hamster/frame';
import { bytes } from '@hamster/scale';
import { events } from './events.ts';

/** `base` in microseconds. The bytes are decoded, and hashed with the whole extrinsic. */
const perByte = (length: number, base: number) => weightOf(base + length / 120);

export const remark = defineCall({
  index: 0,
  docs: ['Make some on-chain remark.'],
  args: { remark: bytes },
  weight: ({ remark }) => perByte(remark.length, 10),
  dispatch(_, origin) {
    if (origin.type === 'None') throw badOrigin();
  },
});

export const remarkWithEvent = defineCall({
  index: 7,
  docs: ['Make some on-chain remark and emit event.'],
  args: { remark: bytes },
  weight: ({ remark }) => perByte(remark.length, 50),
  dispatch(ctx, origin, { remark }) {
    const sender = ensureSigned(origin);
    ctx.deposit(events.Remarked({ sender, hash: blake2b256(remark) }));
  },
});
