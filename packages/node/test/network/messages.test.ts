import { inOneGo } from '@hamster/frame';
import { bytes as scaleBytes } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText } from '../../src/hash.ts';
import { NetworkError } from '../../src/network/errors.ts';
import {
  decodeAnnouncement,
  decodeHandshake,
  encodeAnnouncement,
  encodeHandshake,
} from '../../src/network/messages/announcements.ts';
import {
  decodeBlockData,
  decodeBlockRequest,
  decodeBlockResponse,
  encodeBlockData,
  encodeBlockRequest,
  encodeBlockResponse,
  type BlockRequest,
} from '../../src/network/messages/blocks.ts';
import { decodeFinalityMessage } from '../../src/network/messages/finality.ts';
import { decodeLightRequest } from '../../src/network/messages/light.ts';
import { decodeTransactions, encodeTransactions } from '../../src/network/messages/transactions.ts';
import { answerBlocks } from '../../src/network/serve/blocks.ts';
import { answerLight } from '../../src/network/serve/light.ts';
import { answerWarp } from '../../src/network/serve/warp.ts';
import { openBlock } from '../../src/network/sync/download.ts';
import { fakeChain } from './support/fake-chain.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hashText);
const bytes = fc.uint8Array({ maxLength: 200 });
const extrinsic = bytes.map((inside) => scaleBytes.encode(inside));
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

const blockRequest: fc.Arbitrary<BlockRequest> = fc.record({
  want: fc.record({ header: fc.boolean(), body: fc.boolean(), justification: fc.boolean() }),
  from: fc.oneof(fc.record({ number: u32 }), fc.record({ hash })),
  direction: fc.constantFrom('ascending' as const, 'descending' as const),
  maxBlocks: u32,
  severalJustifications: fc.boolean(),
});

describe('messages', () => {
  it('of blocks come back as they went', () => {
    fc.assert(
      fc.property(blockRequest, (request) => {
        expect(decodeBlockRequest(encodeBlockRequest(request))).toEqual(request);
      }),
    );
    const blockData = fc.record({
      hash,
      header: fc.option(bytes, { nil: undefined }),
      body: fc.array(extrinsic, { maxLength: 5 }),
      justification: fc.option(
        bytes.map((proof) => ({ engine: 'FRNK', proof })),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(fc.array(blockData, { maxLength: 5 }), fc.boolean(), (blocks, several) => {
        const response = encodeBlockResponse(blocks.map((block) => encodeBlockData(block, several)));
        expect(decodeBlockResponse(response, 5).map(decodeBlockData)).toEqual(blocks);
      }),
    );
  });

  it('have the extrinsics that their lengths tell of, and nothing that is behind these', () => {
    const block = { hash: hashText(new Uint8Array(32)), header: undefined, justification: undefined };
    const read = (...body: Uint8Array[]) => decodeBlockData(encodeBlockData({ ...block, body }, false)).body;
    const [good, long, short] = [Uint8Array.of(8, 1, 2), Uint8Array.of(4, 1, 2, 3), Uint8Array.of(12, 1, 2)];
    expect(read(good, long)).toEqual([good, Uint8Array.of(4, 1)]);
    expect(() => read(good, short)).toThrow(expect.objectContaining({ code: 'PEER_MALFORMED' }));
    // A length that could be written in fewer bytes is none.
    expect(() => read(Uint8Array.of(5, 0, 1))).toThrow(expect.objectContaining({ code: 'PEER_MALFORMED' }));
  });

  it('are laid out as Substrate lays them out', () => {
    const request = encodeBlockRequest({
      want: { header: true, body: true, justification: true },
      from: { number: 258 },
      direction: 'descending',
      maxBlocks: 64,
      severalJustifications: true,
    });
    // Field 1: the attributes 0x13 in the highest byte; 3: the number, little-endian; 5, 6 and 7.
    expect(Buffer.from(request).toString('hex')).toBe('08808080980' + '11a0402010000' + '280130403801');
    const zero = hashText(new Uint8Array(32));
    const handshake = { role: 'authority', bestNumber: 7, bestHash: zero, genesisHash: zero } as const;
    const encoded = encodeHandshake(handshake);
    expect(encoded.length).toBe(69);
    expect([...encoded.subarray(0, 6)]).toEqual([4, 7, 0, 0, 0, 0]);
    expect(decodeHandshake(encoded)).toEqual(handshake);
  });

  it('announce a header with its hash', () => {
    const chain = fakeChain();
    chain.grow(1);
    const best = chain.best();
    const header = chain.encodedHeader(best.hash) ?? new Uint8Array();
    const announced = decodeAnnouncement(encodeAnnouncement(header, true));
    expect(announced).toEqual({ hash: best.hash, header: chain.header(best.hash), isBest: true });
  });

  it('carry extrinsics with their own lengths', () => {
    const extrinsics = [Uint8Array.of(8, 1, 2), Uint8Array.of(0)];
    expect(decodeTransactions(encodeTransactions(extrinsics))).toEqual(extrinsics);
  });
});

/** Every reader of bytes that a peer makes. */
function readers(): Record<string, (message: Uint8Array) => unknown> {
  const chain = fakeChain();
  chain.grow(3);
  return {
    handshake: decodeHandshake,
    announcement: decodeAnnouncement,
    transactions: decodeTransactions,
    finality: decodeFinalityMessage,
    'block request': (message) => answerBlocks(chain, message),
    'light request': (message) => inOneGo(answerLight(chain, message)),
    'warp request': (message) => answerWarp(chain, message),
    'light message': decodeLightRequest,
    'block response': (message) => decodeBlockResponse(message, 128),
    block: openBlock,
  };
}

describe.each(Object.entries(readers()))('hostile bytes as %s', (_name, read) => {
  const attempt = (message: Uint8Array): void => {
    try {
      read(message);
    } catch (error) {
      expect(error).toBeInstanceOf(NetworkError);
    }
  };

  it('are an error of the peer, never anything else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), attempt), { numRuns: 2000 });
  });

  it('may look like protobuf and still be an error of the peer', () => {
    const field = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 40 }));
    const message = fc
      .array(field, { maxLength: 20 })
      .map((fields) => Uint8Array.from(fields.flatMap(([tag, value]) => [tag, value.length, ...value])));
    fc.assert(fc.property(message, attempt), { numRuns: 2000 });
  });

  it('may claim any length', () => {
    for (const length of [
      [0xff, 0xff, 0xff, 0xff],
      [0xfe, 0xff, 0xff, 0xff],
      [0x03, 0xff, 0xff, 0xff, 0xff],
    ]) {
      attempt(Uint8Array.from([...length, 1, 2, 3]));
      attempt(Uint8Array.from([1, ...length]));
      attempt(Uint8Array.from([0x0a, ...length, 1]));
    }
  });
});
