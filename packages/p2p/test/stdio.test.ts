import { PassThrough, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { bridgeStdio } from '../src/index.ts';

/** A tunnel to a machine that answers in capitals. */
function shouting(): Duplex {
  return new PassThrough({
    transform: (chunk: Buffer, _encoding, callback) => callback(null, chunk.toString().toUpperCase()),
  });
}

describe('standard input and output', () => {
  test('are joined with a tunnel until that ends, and stay open', async () => {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    const output = text(stdout);
    const done = bridgeStdio(shouting(), stdin, stdout);
    stdin.end('hello');
    await done;
    expect(stdout.writableEnded).toBe(false);
    stdout.end();
    expect(await output).toBe('HELLO');
  });

  test('tell when the tunnel breaks', async () => {
    const tunnel = shouting();
    const done = bridgeStdio(tunnel, new PassThrough(), new PassThrough());
    tunnel.destroy(new RangeError('cut'));
    await expect(done).rejects.toThrow('cut');
  });

  test('take the tunnel with them when nobody reads any more', async () => {
    const tunnel = shouting();
    const stdout = new PassThrough();
    const done = bridgeStdio(tunnel, new PassThrough(), stdout);
    stdout.destroy(new RangeError('EPIPE'));
    await expect(done).rejects.toThrow('EPIPE');
    expect(tunnel.destroyed).toBe(true);
  });
});
