import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { encode } from 'cborg';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  CONTROL_PROTOCOL,
  controlClient,
  PeerError,
  serveControl,
  type ControlCommand,
  type ProviderRoute,
} from '../src/index.ts';
import { decodeControlRequest, encodeControlRequest } from '../src/control/protocol.ts';
import { decodeDirectAnswer, decodeDirectRequest } from '../src/direct/protocol.ts';
import { verifyGrant } from '../src/grants/verify-grant.ts';
import { decodeLaneRequest, decodeTicket } from '../src/lane/gateway-messages.ts';
import { decodeFields } from '../src/wire/cbor.ts';
import { decodeReply } from '../src/wire/reply.ts';
import { decodeTunnelRequest } from '../src/tunnel/protocol.ts';
import { account, GENESIS, grantFor } from './support/accounts.ts';
import { cleanup } from './support/cleanup.ts';
import { controlOf7 } from './support/leased.ts';
import { listeningHost, peerHost, until } from './support/network.ts';

const keep = cleanup();
const PEER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
const DAY_MS = 24 * 60 * 60 * 1000;
let grant: Awaited<ReturnType<typeof grantFor>>;

beforeAll(async () => {
  grant = await grantFor(PEER, await account('//Alice'), { permissions: ['control'] });
});

/** Anything that CBOR can say and our encoder can write. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.string({ maxLength: 20 }),
    fc.uint8Array({ maxLength: 70 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 12 }), tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** Only our own errors, so that no stranger's words end a process or show its insides. */
function refusesOrTakes(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    expect(error).toBeInstanceOf(PeerError);
    return undefined;
  }
}

describe('every decoder', () => {
  const decoders: [string, (bytes: Uint8Array) => unknown][] = [
    ['a control request', decodeControlRequest],
    ['a tunnel request', decodeTunnelRequest],
    ['a direct request', decodeDirectRequest],
    ['a lane request', decodeLaneRequest],
    ['a reply', decodeReply],
    ['a direct answer', (bytes) => decodeDirectAnswer(decodeFields(bytes, 'answer'))],
    ['a ticket', (bytes) => decodeTicket(decodeFields(bytes, 'answer'))],
  ];

  test.each(decoders)('of %s survives any bytes, and any well-formed nonsense', (_, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void refusesOrTakes(() => decode(bytes))),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(anything, (value) => void refusesOrTakes(() => decode(encode(value)))),
      { numRuns: 300 },
    );
  });
});

describe('a refusal', () => {
  test('is one line of bounded length, whatever a provider sends', () => {
    const sent = (message: string) => encode({ ok: false, code: 'LEASE_ENDED', message });
    for (const end of ['\n', '\r\n', '\u2028'])
      expect(() => decodeReply(sent(`It ended.${end}Send money to me.`))).toThrow(/^It ended\.$/);
    expect(() => decodeReply(sent('x'.repeat(10_000)))).toThrow(/^x{512}$/);
  });
});

describe('a control request', () => {
  const good = { name: 'status' } as const;

  test('with any field of another type is refused, or says what it said', () => {
    const whole = {
      grant: { ...grant },
      lease: 7n,
      command: { name: 'resize', spec: { cpuCores: 1, memoryMib: 512, diskGib: 2 } },
    };
    const places = ['grant', 'lease', 'command', 'command.name', 'command.spec', 'command.spec.cpuCores'];
    const inGrant = Object.keys(grant).map((field) => `grant.${field}`);
    fc.assert(
      fc.property(fc.constantFrom(...places, ...inGrant), anything, (place, value) => {
        const changed = structuredClone(whole) as Record<string, unknown>;
        const path = place.split('.');
        const last = path.pop() ?? '';
        const parent = path.reduce((node, key) => node[key] as Record<string, unknown>, changed);
        parent[last] = value;
        const request = refusesOrTakes(() => decodeControlRequest(encode(changed)));
        if (request === undefined) return;
        const { command } = request as { command: ControlCommand };
        expect(['resize', 'status', 'metrics', 'ssh-keys', 'stop', 'start', 'reboot', 'reset']).toContain(
          command.name,
        );
        if (!place.startsWith('grant.')) return;
        // What the renter signed is not what it says now.
        const { grant: claimed } = request as { grant: typeof grant };
        const terms = { genesisHash: GENESIS, peer: PEER, permission: 'control' as const, now: Date.now() };
        const same = encodeControlRequest({ grant: claimed, lease: 7n, command: good });
        const signed = encodeControlRequest({ grant, lease: 7n, command: good });
        if (!Buffer.from(same).equals(signed)) expect(() => verifyGrant(claimed, terms)).toThrow(PeerError);
      }),
      { numRuns: 400 },
    );
  });

  test('of a prototype, a number or a list of commands is none', () => {
    const commands = [
      { __proto__: good },
      7,
      [good],
      'status',
      null,
      { name: ['status'] },
      { name: 'STATUS' },
      { name: 'status\0' },
      {},
    ];
    for (const command of commands) {
      const bytes = encode({ grant: { ...grant }, lease: 7n, command });
      expect(() => decodeControlRequest(bytes)).toThrow(
        expect.objectContaining({ code: 'MESSAGE_MALFORMED' }),
      );
    }
    // {"__proto__": {"name": "status"}}, which no encoder of ours writes.
    const inherited = Buffer.concat([Uint8Array.of(0xa1, 0x69), Buffer.from('__proto__'), encode(good)]);
    const bytes = spliced(encode({ command: 'C', grant: { ...grant }, lease: 7n }), encode('C'), inherited);
    expect(() => decodeControlRequest(bytes)).toThrow(expect.objectContaining({ code: 'MESSAGE_MALFORMED' }));
  });
});

function spliced(bytes: Uint8Array, part: Uint8Array, by: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf(part);
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + part.length)]);
}

describe('a provider', () => {
  async function provider(limits: { handshakeMs?: number } = {}) {
    const done: string[] = [];
    const lease = await controlOf7(keep, {
      run: ({ name }) => {
        done.push(name);
        return Promise.resolve({});
      },
      limits,
    });
    const connection = await lease.client.dial(addresses(lease.route), AbortSignal.timeout(20_000));
    return { ...lease, done, connection };
  }

  test('obeys no grant of another time or chain, nor one that says less than the renter signed', async () => {
    const { route, client, done } = await provider();
    const alice = await account('//Alice');
    const terms = { permissions: ['control' as const] };
    const cases = [
      ['GRANT_EXPIRED', await grantFor(client.peerId, alice, { ...terms, notAfter: Date.now() - 1 })],
      [
        'GRANT_TOO_LONG',
        await grantFor(client.peerId, alice, { ...terms, notAfter: Date.now() + 2 * DAY_MS }),
      ],
      [
        'GRANT_WRONG_CHAIN',
        await grantFor(client.peerId, alice, { ...terms, genesisHash: `0x${'22'.repeat(32)}` }),
      ],
      [
        'GRANT_SIGNATURE',
        { ...(await grantFor(client.peerId, alice, terms)), permissions: ['control', 'tunnel'] },
      ],
      ['GRANT_SIGNATURE', grant],
    ] as const;
    for (const [code, used] of cases) {
      const asking = controlClient(route).ask({
        grant: used as typeof grant,
        lease: 7n,
        command: { name: 'stop' },
      });
      await expect(asking).rejects.toMatchObject({ code });
    }
    expect(done).toEqual([]);
  });

  test('is not kept waiting by a request that drips', async () => {
    const { connection, refused, done } = await provider({ handshakeMs: 400 });
    const stream = await connection.newStream(CONTROL_PROTOCOL);
    const drip = setInterval(() => {
      if (stream.status === 'open') stream.send(Uint8Array.of(0x81));
      else clearInterval(drip);
    }, 150);
    keep({ close: () => clearInterval(drip) });
    stream.send(Uint8Array.of(0xff, 0x7f));
    await until(() => refused.includes('HANDSHAKE_TIMEOUT'));
    await until(() => stream.status !== 'open' || stream.remoteWriteStatus === 'closed');
    expect(done).toEqual([]);
  });

  test('reads no message that is longer than the longest, whatever length it claims', async () => {
    const { connection, refused } = await provider();
    for (const claim of [
      [0x81, 0x80, 0x01],
      [0xff, 0xff, 0xff, 0x7f],
    ]) {
      const stream = await connection.newStream(CONTROL_PROTOCOL);
      stream.send(Uint8Array.from(claim));
    }
    await until(() => refused.filter((code) => code === 'MESSAGE_TOO_LONG').length === 2);
    const endless = await connection.newStream(CONTROL_PROTOCOL);
    endless.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff));
    await until(() => refused.includes('MESSAGE_MALFORMED'));
  });

  test('carries out nothing for a lease that ended, nor for another one, though the grants have hours left', async () => {
    const [alice, bob] = [await account('//Alice'), await account('//Bob')];
    const host = keep(await listeningHost());
    const client = keep(await peerHost());
    const done: string[] = [];
    const renters = new Map([
      [7n, alice.address],
      [8n, bob.address],
    ]);
    await serveControl(host, {
      genesisHash: GENESIS,
      authorise: async ({ lease, account: asker }) => {
        const renter = renters.get(lease);
        if (renter === undefined) return { ok: false, code: 'LEASE_ENDED', message: 'It ended' };
        return renter === asker ? { ok: true } : { ok: false, code: 'NOT_RENTER', message: 'Not yours' };
      },
      run: async ({ name }) => {
        done.push(name);
        return {};
      },
    });
    const provider = { peerId: host.peerId, direct: host.addresses() };
    const { ask } = controlClient({ host: client, provider, gateways: () => [] });
    const of = (lease: bigint) => grantFor(client.peerId, alice, { lease, permissions: ['control'] });
    const own = { grant: await of(7n), lease: 7n, command: { name: 'start' } } as const;
    await ask(own);
    await expect(ask({ ...own, grant: await of(8n), lease: 8n })).rejects.toMatchObject({
      code: 'NOT_RENTER',
    });
    await expect(ask({ ...own, lease: 8n })).rejects.toMatchObject({ code: 'GRANT_NOT_PERMITTED' });
    renters.delete(7n);
    await expect(ask(own)).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    expect(done).toEqual(['start']);
  });
});

function addresses({ provider: { direct = [] } }: ProviderRoute): Multiaddr[] {
  return direct.map((text) => multiaddr(text));
}
