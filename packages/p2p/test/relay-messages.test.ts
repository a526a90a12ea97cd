import { base58Decode } from '#polkadot/util-crypto';
import { describe, expect, test } from 'vitest';
import { decodeHopRequest, decodeStopReply } from '../src/relay/messages.ts';
import { decodeFields, encodeFields } from '../src/relay/protobuf.ts';

const PEER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
const malformed = expect.objectContaining({ code: 'MESSAGE_MALFORMED' });

describe('protobuf', () => {
  test('comes back as it went', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const message = encodeFields([
      [1, 0n],
      [2, bytes],
      [2, new Uint8Array(0)],
      [17, 2n ** 63n],
    ]);
    const fields = decodeFields(message);
    expect(fields.get(1)).toEqual([0n]);
    expect(fields.get(2)?.map((value) => [...(value as Uint8Array)])).toEqual([[1, 2, 3], []]);
    expect(fields.get(17)).toEqual([2n ** 63n]);
  });

  test.each([
    ['a length beyond the end', [0x0a, 5, 1]],
    ['a varint without an end', [0x08, 0xff]],
    ['a varint of more than 64 bits', [0x08, ...Array.from({ length: 11 }, () => 0xff)]],
    ['a wire type that nobody uses', [0x0d, 1, 2, 3, 4]],
    ['too many fields', Array.from({ length: 130 }, (_, index) => (index % 2 === 0 ? 8 : 1))],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decodeFields(Uint8Array.from(bytes))).toThrow(malformed);
  });
});

describe('relay messages', () => {
  test('name the destination', () => {
    const peer = encodeFields([[1, base58Decode(PEER)]]);
    const request = encodeFields([
      [1, 1n],
      [2, peer],
    ]);
    expect(decodeHopRequest(request)).toEqual({ type: 'connect', destination: PEER });
    expect(decodeHopRequest(encodeFields([[1, 0n]]))).toEqual({ type: 'reserve' });
  });

  test.each([
    ['no type', []],
    ['an unknown type', [[1, 9n] as const]],
    ['a connect without a peer', [[1, 1n] as const]],
    ['a connect with a number for a peer', [[1, 1n] as const, [2, 1n] as const]],
  ])('are refused with %s', (_what, fields) => {
    expect(() => decodeHopRequest(encodeFields(fields))).toThrow(malformed);
  });

  test('a stop reply is a yes only with status OK', () => {
    const reply = (type: bigint, status: bigint) =>
      decodeStopReply(
        encodeFields([
          [1, type],
          [4, status],
        ]),
      );
    expect(reply(1n, 100n)).toBe(true);
    expect(reply(1n, 202n)).toBe(false);
    expect(reply(0n, 100n)).toBe(false);
  });
});
