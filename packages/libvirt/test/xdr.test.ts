import { describe, expect, it } from 'vitest';
import { LibvirtConnectionError } from '../src/index.ts';
import { XdrReader } from '../src/xdr/reader.ts';
import { XdrWriter } from '../src/xdr/writer.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('XDR', () => {
  it.each([
    ['unsigned numbers', new XdrWriter().u32(0x20008086), '20008086'],
    ['negative numbers', new XdrWriter().i32(-1), 'ffffffff'],
    ['long numbers', new XdrWriter().u64(0x0102030405060708n), '0102030405060708'],
    ['texts, padded to four bytes', new XdrWriter().string('qemu:'), '00000005 71656d75 3a000000'],
    ['texts that need no padding', new XdrWriter().string('vm-1'), '00000004 766d2d31'],
    ['texts beyond ASCII by their bytes', new XdrWriter().string('é'), '00000002 c3a90000'],
    ['an absent text', new XdrWriter().optionalString(undefined), '00000000'],
    ['a present text', new XdrWriter().optionalString('a'), '00000001 00000001 61000000'],
    ['fixed bytes without a length', new XdrWriter().fixed(hex('0102030405')), '01020304 05000000'],
    ['lists', new XdrWriter().array([1, 2], (w, n) => w.u32(n)), '00000002 00000001 00000002'],
  ])('writes %s', (_name, writer, expected) => {
    expect(writer.bytes().toString('hex')).toBe(hex(expected).toString('hex'));
  });

  it('reads what it wrote', () => {
    const bytes = new XdrWriter()
      .i32(-7)
      .u64(2n ** 63n)
      .string('hämster')
      .optionalString('x')
      .u32(1)
      .bytes();
    const reader = new XdrReader(bytes);
    expect(reader.i32()).toBe(-7);
    expect(reader.u64()).toBe(2n ** 63n);
    expect(reader.string()).toBe('hämster');
    expect(reader.optional((inner) => inner.string())).toBe('x');
    expect(reader.bool()).toBe(true);
    expect(reader.remaining).toBe(0);
  });

  it.each([
    ['a number that is cut off', '0000', (r: XdrReader) => r.u32()],
    ['a text longer than the packet', '00000010 61', (r: XdrReader) => r.string()],
    ['a text longer than any text', '7fffffff', (r: XdrReader) => r.string()],
    ['a list longer than the packet', '00000003 00000001', (r: XdrReader) => r.array((i) => i.u32())],
    ['an endless list', 'ffffffff', (r: XdrReader) => r.array(() => 0)],
    ['an optional item twice', '00000002', (r: XdrReader) => r.optional((i) => i.u32())],
  ])('refuses %s', (_name, bytes, read) => {
    expect(() => read(new XdrReader(hex(bytes)))).toThrow(LibvirtConnectionError);
  });
});
