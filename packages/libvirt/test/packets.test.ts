import { describe, expect, it } from 'vitest';
import { Domains } from '../src/api/domains.ts';
import { readDomain, writeDomain } from '../src/api/references.ts';
import { readTypedParameters } from '../src/api/typed-parameters.ts';
import type { Request, Rpc } from '../src/rpc/connection.ts';
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

describe('calls', () => {
  const domain = { name: 'vm', uuid: '00112233-4455-6677-8899-aabbccddeeff', id: 1 };
  const DOMAIN = '00000002766d000000112233445566778899aabbccddeeff00000001';

  /** Procedure and arguments of the one call that `act` makes, as they go over the wire. */
  async function callOf(act: (domains: Domains) => Promise<unknown>): Promise<[number, string]> {
    const calls: [number, string][] = [];
    const rpc = {
      call: (request: Request) => {
        calls.push([request.procedure, request.args.bytes().toString('hex')]);
        return Promise.resolve(new XdrReader(Buffer.alloc(64)));
      },
    };
    await act(new Domains(rpc as unknown as Rpc));
    return calls[0] ?? [0, ''];
  }

  it.each<[string, number, string, (domains: Domains) => Promise<unknown>]>([
    ['start', 196, `${DOMAIN}00000000`, (domains) => domains.start(domain)],
    ['shutdown', 258, `${DOMAIN}00000000`, (domains) => domains.shutdown(domain)],
    ['destroy', 234, `${DOMAIN}00000000`, (domains) => domains.destroy(domain)],
    ['reboot', 27, `${DOMAIN}00000000`, (domains) => domains.reboot(domain)],
    ['reset', 245, `${DOMAIN}00000000`, (domains) => domains.reset(domain)],
    ['suspend', 34, DOMAIN, (domains) => domains.suspend(domain)],
    ['resume', 28, DOMAIN, (domains) => domains.resume(domain)],
    ['state', 212, `${DOMAIN}00000000`, (domains) => domains.state(domain)],
    ['undefine', 231, `${DOMAIN}00000003`, (domains) => domains.undefine(domain)],
    [
      'setMetadata',
      264,
      `${DOMAIN}00000002000000010000000b3c782f3e3c792f3e3c7a2f00000000010000000168000000000000010000000175000000` +
        '00000002',
      (domains) => domains.setMetadata(domain, { key: 'h', uri: 'u', xml: '<x/><y/><z/' }),
    ],
    [
      'metadata',
      265,
      `${DOMAIN}0000000200000001000000017500000000000002`,
      (domains) => domains.metadata(domain, 'u'),
    ],
    [
      'setMemory',
      204,
      `${DOMAIN}000000000004000000000006`,
      (domains) => domains.setMemory(domain, { kib: 262_144n, affect: 'config', maximum: true }),
    ],
    [
      'setVcpus',
      199,
      `${DOMAIN}0000000200000003`,
      (domains) => domains.setVcpus(domain, { count: 2, affect: 'both' }),
    ],
    [
      'blockResize',
      251,
      `${DOMAIN}00000003766461000000000040000000` + '00000001',
      (domains) => domains.blockResize(domain, 'vda', 1024n ** 3n),
    ],
    [
      'blockInfo',
      194,
      `${DOMAIN}0000000376646100` + '00000000',
      (domains) => domains.blockInfo(domain, 'vda'),
    ],
    ['save', 232, `${DOMAIN}000000022f7300000000000000000000`, (domains) => domains.save(domain, '/s')],
    ['restore', 233, '000000022f7300000000000000000000', (domains) => domains.restore('/s')],
  ])('%s is procedure %d with these bytes', async (_name, procedure, bytes, act) => {
    expect(await callOf(act)).toEqual([procedure, bytes]);
  });
});
