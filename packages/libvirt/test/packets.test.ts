import { describe, expect, it } from 'vitest';
import { readDomain, writeDomain } from '../src/api/references.ts';
import { readTypedParameters } from '../src/api/typed-parameters.ts';
import { encodePacket, MESSAGE, PROGRAM, STATUS } from '../src/rpc/packet.ts';
import { PacketSplitter } from '../src/rpc/packet-splitter.ts';
import { decodeError } from '../src/rpc/remote-error.ts';
import { XdrReader } from '../src/xdr/reader.ts';
import { XdrWriter } from '../src/xdr/writer.ts';

const open = {
  program: PROGRAM.remote,
  procedure: 1,
  type: MESSAGE.call,
  serial: 2,
  status: STATUS.ok,
  body: new XdrWriter().optionalString('qemu:///system').u32(0).bytes(),
};
const OPEN_BYTES =
  '0000003820008086000000010000000100000000000000020000000000000001' +
  '0000000e71656d753a2f2f2f73797374656d000000000000';

describe('packets', () => {
  it('are length, program, version, procedure, type, serial, status, body', () => {
    expect(encodePacket(open).toString('hex')).toBe(OPEN_BYTES);
  });

  it('are found in a stream however it is cut', () => {
    const stream = Buffer.concat([encodePacket(open), encodePacket({ ...open, serial: 3 })]);
    for (let size = 1; size <= stream.length; size += 1) {
      const splitter = new PacketSplitter();
      const found = [];
      for (let at = 0; at < stream.length; at += size)
        found.push(...splitter.push(stream.subarray(at, at + size)));
      expect(found).toEqual([open, { ...open, serial: 3 }]);
    }
  });

  it.each([0, 27, 0x7fffffff])('of the impossible length %d are refused', (length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(length);
    expect(() => new PacketSplitter().push(bytes)).toThrow(/announced a packet/);
  });
});

describe('wire forms', () => {
  it('name a domain by name, UUID and id', () => {
    const domain = { name: 'vm', uuid: '00112233-4455-6677-8899-aabbccddeeff', id: -1 };
    const bytes = writeDomain(new XdrWriter(), domain).bytes();
    expect(bytes.toString('hex')).toBe('00000002766d000000112233445566778899aabbccddeeffffffffff');
    expect(readDomain(new XdrReader(bytes))).toEqual(domain);
  });

  it('carry typed parameters of every type', () => {
    const writer = new XdrWriter().u32(4);
    writer.string('a').u32(1).i32(-1).string('b').u32(4).u64(5n);
    writer.string('c').u32(6).u32(1).string('d').u32(7).string('text');
    const parameters = readTypedParameters(new XdrReader(writer.bytes()));
    expect([...parameters]).toEqual(Object.entries({ a: -1, b: 5n, c: true, d: 'text' }));
  });

  it('refuse a parameter of a type from the future', () => {
    const writer = new XdrWriter().u32(1).string('a').u32(99).u32(0);
    expect(() => readTypedParameters(new XdrReader(writer.bytes()))).toThrow(/unknown type 99/);
  });

  it('carry an error with all three numbers', () => {
    const body = new XdrWriter().i32(42).i32(10).optionalString('Domain not found').i32(2).bytes();
    expect(decodeError(body)).toMatchObject({ code: 42, domain: 10, level: 2, message: 'Domain not found' });
  });
});
