import { expect, it } from 'vitest';
import { serve } from './support/server.ts';

it('reads fees out of TransactionPaymentApi, for clients that ask by payment_*', async () => {
  const server = await serve();
  const client = await server.connect();
  expect(await client.call('payment_queryInfo', ['0x0c010203'])).toEqual({
    weight: { ref_time: 1_000_000, proof_size: 1000 },
    class: 'normal',
    partialFee: '100',
  });
  expect(await client.call('payment_queryFeeDetails', ['0x1001020304'])).toEqual({
    inclusionFee: { baseFee: '0x64', lenFee: '0x0', adjustedWeightFee: '0x64' },
  });
  expect(await client.call('payment_queryFeeDetails', ['0x04'])).toEqual({ inclusionFee: null });
  await server.stop();
});
