import { inOneGo } from '@hamster/frame';
import { describe, expect, it } from 'vitest';
import {
  decodeBlockData,
  decodeBlockResponse,
  encodeBlockRequest,
} from '../../src/network/messages/blocks.ts';
import { answerBlocks } from '../../src/network/serve/blocks.ts';
import { answerLight } from '../../src/network/serve/light.ts';
import { fakeChain } from './support/fake-chain.ts';

const chain = fakeChain();
chain.grow(200);

const idAt = (number: number) => ({ hash: chain.hashAt(number) ?? chain.genesisHash, number });

/** Numbers of the blocks that are answered with the votes for them: 64 blocks down from this one are asked for, as smoldot does. */
function provedFrom(number: number, known: { best?: number; finalized?: number; role?: 'full' }): number[] {
  const { best = 0, finalized, role = 'light' } = known;
  const request = encodeBlockRequest({
    want: { header: true, body: false, justification: true },
    from: idAt(number),
    direction: 'descending',
    maxBlocks: 64,
    severalJustifications: true,
  });
  const blocks = decodeBlockResponse(answerBlocks(chain, request, { role, best: idAt(best), finalized }), 64);
  expect(blocks).toHaveLength(Math.min(64, number));
  return blocks.flatMap((block, index) => (decodeBlockData(block).justification ? [number - index] : []));
}

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index);

/** smoldot 2 looks at votes at once, and bans who sends some for blocks whose parents it does not have yet. */
describe('a light client that asks for blocks', () => {
  it('gets no votes with those that do not join on to what it has', () => {
    expect(provedFrom(200, {})).toEqual([]);
    expect(provedFrom(136, { finalized: 0 })).toEqual([]);
    expect(provedFrom(200, { best: 100, finalized: 90 })).toEqual([]);
  });

  it('gets them with those that do', () => {
    expect(provedFrom(64, {})).toEqual(down(64, 1));
    expect(provedFrom(164, { finalized: 100 })).toEqual(down(164, 101));
    expect(provedFrom(165, { best: 101, finalized: 90 })).toEqual(down(165, 102));
  });

  it('is treated as such: a full node has the votes with each block', () => {
    expect(provedFrom(200, { role: 'full' })).toEqual(down(200, 137));
  });
});

describe('a light client that asks for proofs', () => {
  const block = Buffer.from(chain.genesisHash.slice(2), 'hex');
  /** A request of so many bytes in one field, as all are. */
  const request = (field: number, ...inner: readonly (readonly [field: number, value: Uint8Array])[]) => {
    const message = inner.flatMap(([number, value]) => [(number << 3) | 2, value.length, ...value]);
    return Uint8Array.of((field << 3) | 2, message.length, ...message);
  };

  it('of a child trie is told that there is none, as Substrate tells it, and is no worse a peer for it', () => {
    const child = new TextEncoder().encode(':child_storage:default:x');
    const asked = request(4, [2, block], [3, child], [6, Uint8Array.of(1)]);
    expect(inOneGo(answerLight(chain, asked))).toEqual(Uint8Array.of((2 << 3) | 2, 0));
  });

  it.each([3, 5])('by a request of kind %i, which Substrate has no more, gets none either', (kind) => {
    expect(() => inOneGo(answerLight(chain, request(kind, [2, block])))).toThrow(
      expect.objectContaining({ code: 'PEER_MALFORMED' }),
    );
  });
});
