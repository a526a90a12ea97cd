import { once } from 'node:events';
import { connect } from 'node:net';
import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { forwardPort } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';

const keep = cleanup();

test('a forwarded port says why it takes no more connections', async () => {
  const errors: unknown[] = [];
  const forward = keep(
    await forwardPort({
      port: 0,
      connections: 1,
      open: async () => duplexPair()[0],
      onError: (error) => errors.push(error),
    }),
  );
  const first = connect(forward.port, '127.0.0.1').on('error', () => undefined);
  await once(first, 'connect');
  const second = connect(forward.port, '127.0.0.1').on('error', () => undefined);
  await once(second, 'close');
  expect(errors).toMatchObject([
    { code: 'TOO_MANY_STREAMS', message: expect.stringContaining('1 connections') },
  ]);
  first.destroy();
});
