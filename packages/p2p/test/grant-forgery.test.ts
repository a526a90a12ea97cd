import { decode, encode } from 'cborg';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  openTunnel,
  PeerError,
  TUNNEL_PROTOCOL,
  type PeerErrorCode,
  type SignedGrant,
} from '../src/index.ts';
import { verifyGrant } from '../src/grants/verify-grant.ts';
import { decodeTunnelRequest, encodeTunnelRequest } from '../src/tunnel/protocol.ts';
import { account, GENESIS, grantFor } from './support/accounts.ts';
import { cleanup } from './support/cleanup.ts';
import { echo, fakeMachine } from './support/machines.ts';
import { listeningHost, peerHost, serveLease7, until } from './support/network.ts';

const PEER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
const keep = cleanup();
let grant: SignedGrant;
let request: Uint8Array;
let renter: string;

beforeAll(async () => {
  const alice = await account('//Alice');
  renter = alice.address;
  grant = await grantFor(PEER, alice);
  request = encodeTunnelRequest({ grant, lease: 7n, port: 22 });
});

/** What becomes of a request's bytes at a provider, but for its own decision. */
function outcome(bytes: Uint8Array): string {
  try {
    const { grant: claimed, lease } = decodeTunnelRequest(bytes);
    if (claimed.lease !== lease) return 'GRANT_NOT_PERMITTED';
    verifyGrant(claimed, { genesisHash: GENESIS, peer: PEER, permission: 'tunnel', now: Date.now() });
    return 'passes';
  } catch (error) {
    return error instanceof PeerError ? error.code : `not refused but thrown: ${String(error)}`;
  }
}

describe('a request', () => {
  test('passes as it is, and cut short anywhere it does not', () => {
    expect(outcome(request)).toBe('passes');
    for (let length = 0; length < request.length; length++) {
      expect(outcome(request.subarray(0, length))).toBe('MESSAGE_MALFORMED');
    }
  });

  test('with any single bit changed asks for another port at most', () => {
    const passed = new Set<number>();
    // Each byte of the request once or twice, and each place in a byte alike.
    for (let bit = 0; bit < request.length * 8; bit += 7) {
      const changed = Uint8Array.from(request);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const became = outcome(changed);
      expect(became).toMatch(/^([A-Z_]+|passes)$/);
      if (became !== 'passes') continue;
      const { grant: claimed, lease, port } = decodeTunnelRequest(changed);
      // A hash says the same in capital letters.
      const genesisHash = claimed.genesisHash.toLowerCase();
      expect({ lease, grant: { ...claimed, genesisHash } }).toEqual({ lease: 7n, grant: { ...grant } });
      passed.add(port);
    }
    expect(passed).not.toContain(0);
  });

  test('with more in it, twice the same field, or nested without end is refused or does no harm', () => {
    const fields = decode(request) as Record<string, unknown>;
    expect(outcome(encode({ ...fields, admin: true }))).toBe('passes');
    expect(outcome(encode({ ...fields, lease: 8n }))).toBe('GRANT_NOT_PERMITTED');
    expect(outcome(encode({ ...fields, grant: [grant] }))).toBe('MESSAGE_MALFORMED');
    expect(outcome(Uint8Array.from([...request, ...request]))).toBe('MESSAGE_MALFORMED');
    expect(outcome(new Uint8Array(2048).fill(0x81))).toBe('MESSAGE_MALFORMED');
    expect(outcome(Uint8Array.of(0xbb, 255, 255, 255, 255, 255, 255, 255, 255))).toBe('MESSAGE_MALFORMED');
  });
});

test('a flood of forged grants is refused one by one, and the renter’s own still passes', async () => {
  const provider = keep(await listeningHost());
  const { port } = keep(await fakeMachine(echo));
  const refused: PeerErrorCode[] = [];
  await serveLease7(provider, { renter, port, onRefused: (_peer, { code }) => refused.push(code) });
  const attacker = keep(await peerHost());
  const forged = {
    ...(await grantFor(attacker.peerId, await account('//Alice'))),
    signature: new Uint8Array(64),
  };
  const theirs = await attacker.libp2p.dial(provider.libp2p.getMultiaddrs());
  const flood = Promise.allSettled(
    Array.from({ length: 100 }, () => openTunnel(theirs, { grant: forged, lease: 7n, port: 22 })),
  );
  const silent = Array.from({ length: 20 }, () =>
    theirs.newStream(TUNNEL_PROTOCOL, { maxOutboundStreams: 200 }),
  );
  const client = keep(await peerHost());
  const ours = await client.libp2p.dial(provider.libp2p.getMultiaddrs());
  const good = { grant: await grantFor(client.peerId, await account('//Alice')), lease: 7n, port: 22 };
  const tunnel = await openTunnel(ours, good);
  tunnel.on('error', () => undefined);
  for (const one of await flood) {
    const code = expect.stringMatching(/^(GRANT_SIGNATURE|TOO_MANY_STREAMS)$/);
    expect(one).toMatchObject({ status: 'rejected', reason: { code } });
  }
  for (const stream of await Promise.all(silent)) stream.abort(new RangeError('gone'));
  await until(() => refused.filter((code) => code === 'CONNECTION_LOST').length === 20);
  expect(refused.filter((code) => code === 'GRANT_SIGNATURE')).toHaveLength(2);
  expect(refused.filter((code) => code === 'TOO_MANY_STREAMS')).toHaveLength(98);
  tunnel.destroy();
});
