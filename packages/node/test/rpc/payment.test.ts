import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const extrinsic = (nonce: string): string => `0x${'07'.repeat(32)}${nonce}`;
const [WHERE, FEW] = ['Could not decode `OpaqueExtrinsic.0`', 'Not enough data to decode vector'];
const DEBUG = `Error { cause: Some(Error { cause: None, desc: "${FEW}" }), desc: "${WHERE}" }`;
const DISPLAY = `${WHERE}:\n\t${FEW}\n`;
const UNKNOWN = `0x${'99'.repeat(32)}`;

describe('payment_*', () => {
  const backend = new FakeBackend();
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await serve(backend, { allowUnsafe: true });
    client = await server.connect();
  });
  afterAll(() => server.stop());

  it('reads fees out of TransactionPaymentApi', async () => {
    expect(await client.call('payment_queryInfo', [extrinsic('01')])).toEqual({
      weight: { ref_time: 1_000_000, proof_size: 1000 },
      class: 'normal',
      partialFee: '100',
    });
    expect(await client.call('payment_queryFeeDetails', [extrinsic('01')])).toEqual({
      inclusionFee: { baseFee: '0x64', lenFee: '0x0', adjustedWeightFee: '0x64' },
    });
    expect(await client.call('payment_queryFeeDetails', [extrinsic('00')])).toEqual({ inclusionFee: null });
  });

  it.each([
    ['payment_queryInfo', 'Unable to query dispatch info.', 'Unable to query dispatch info.', DEBUG],
    ['payment_queryFeeDetails', 'Unable to query fee details.', 'Unable to query fee details.', DEBUG],
    ['system_dryRun', 'Unable to dry run extrinsic', 'Unable to dry run extrinsic.', DISPLAY],
  ])('%s has the errors of its crate in polkadot-sdk', async (method, undecodable, failed, fault) => {
    const data = expect.stringContaining('not an extrinsic') as unknown;
    expect(await client.fails(method, ['0x0800'])).toEqual({ code: 2, message: undecodable, data: fault });
    // Opaque bytes are an extrinsic to Substrate's node, and none to its runtime.
    expect(await client.fails(method, ['0x0400'])).toEqual({ code: 1, message: failed, data });
    expect(await client.fails(method, [extrinsic('01'), UNKNOWN])).toEqual({
      code: 1,
      message: failed,
      data: `Api called for an unknown Block: Header was not found in the database: ${UNKNOWN}`,
    });
  });
});
