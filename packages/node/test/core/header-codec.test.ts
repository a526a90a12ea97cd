import { fromHex, toHex } from '@hamster/crypto';
import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeHeader, headerHash } from '../../src/header-codec.ts';
import type { Header } from '../../src/index.ts';

const header: Header = {
  parentHash: `0x${'aa'.repeat(32)}`,
  number: 64,
  stateRoot: `0x${'bb'.repeat(32)}`,
  extrinsicsRoot: `0x${'cc'.repeat(32)}`,
  digest: ['0x066175726108ffff', '0x0008abcd', '0x08', '0x05617572610401'].map(fromHex),
};

const ENCODED = `0x${'aa'.repeat(32)}0101${'bb'.repeat(32)}${'cc'.repeat(32)}10066175726108ffff0008abcd0805617572610401`;

describe('a header', () => {
  it('is written and read as Substrate does', () => {
    expect(toHex(encodeHeader(header))).toBe(ENCODED);
    expect(decodeHeader(fromHex(ENCODED))).toEqual(header);
  });

  it('of Polkadot’s first block has the hash that the world knows', () => {
    // Genesis of Polkadot: no parent, no extrinsics, its well-known state root.
    const genesis: Header = {
      parentHash: `0x${'00'.repeat(32)}`,
      number: 0,
      stateRoot: '0x29d0d972cd27cbc511e9589fcb7a4506d5eb6a9e8df205f00472e5ab354a4e17',
      extrinsicsRoot: '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314',
      digest: [],
    };
    expect(headerHash(encodeHeader(genesis))).toBe(
      '0x91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3',
    );
  });

  it('is refused with bytes too many or of an unknown kind', () => {
    const refused = expect.objectContaining({ code: 'NODE_BLOCK_REFUSED' }) as object;
    expect(() => decodeHeader(fromHex(`${ENCODED}00`))).toThrow(refused);
    expect(() => decodeHeader(fromHex(ENCODED.replace('0008abcd', '0308abcd')))).toThrow(refused);
    expect(() => decodeHeader(fromHex(ENCODED.slice(0, -2)))).toThrow();
  });
});
