import { Ends } from '@hamster/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeControlRequest } from '../src/control/protocol.ts';
import { CONTROL_PROTOCOL, TUNNEL_PROTOCOL, type Host } from '../src/index.ts';
import { encodeTunnelRequest } from '../src/tunnel/protocol.ts';
import { flood, floodedNetwork, framedBytes, say, type Flooded } from './support/flooded.ts';

const OPENS = 10_000;
const FORGED = { signature: new Uint8Array(64).fill(1) };

describe('a provider that one peer floods through a gateway', () => {
  const ends = new Ends();
  let flooded: Flooded;

  beforeAll(async () => {
    flooded = await floodedNetwork(ends);
  }, 300_000);
  afterAll(() => ends.all(), 120_000);

  async function requestsOf(host: Host) {
    const grant = await flooded.grantTo(host);
    return { grant, forged: { ...grant, ...FORGED } };
  }

  test('with ten thousand streams of noise, of forged grants, of much behind little, and of nothing', async () => {
    const attacker = await flooded.peer();
    const { forged } = await requestsOf(attacker);
    const words = [
      framedBytes(Buffer.alloc(200, 0xa5)),
      framedBytes(encodeTunnelRequest({ grant: forged, lease: 1n, port: 22 })),
      Buffer.concat([framedBytes(Buffer.of(0xff)), Buffer.alloc(30_000)]),
      undefined,
    ];
    const connection = await flooded.through(attacker);
    const wordsOf = (index: number) => words[index % words.length];
    await flooded.suffers('streams', 'provider', () =>
      flood(connection, { protocol: TUNNEL_PROTOCOL, count: OPENS, wordsOf }),
    );
  }, 120_000);

  test('with requests that were good before bytes of them were changed or cut off', async () => {
    const attacker = await flooded.peer();
    const { grant } = await requestsOf(attacker);
    const requests = [
      [TUNNEL_PROTOCOL, encodeTunnelRequest({ grant, lease: 1n, port: 1 })],
      [CONTROL_PROTOCOL, encodeControlRequest({ grant, lease: 1n, command: { name: 'status' } })],
    ] as const;
    const hostile = fc.record({
      request: fc.constantFrom(...requests),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ maxLength: 40 }),
      isCut: fc.boolean(),
    });
    let connection = await flooded.through(attacker);
    let said = 0;
    const sent = fc.asyncProperty(hostile, async ({ request: [protocol, whole], at, bytes, isCut }) => {
      const place = Math.floor(at * whole.length);
      const after = isCut ? Buffer.alloc(0) : whole.subarray(place + bytes.length);
      const words = Buffer.concat([whole.subarray(0, place), bytes, after]);
      if (connection.status !== 'open') connection = await flooded.through(attacker);
      if (await say(connection, protocol, framedBytes(words))) said += 1;
    });
    await flooded.suffers('changed requests', 'provider', () =>
      fc.assert(sent, { numRuns: 1_000, seed: 20_261_127 }),
    );
    expect(said).toBeGreaterThan(0);
  }, 120_000);
});
