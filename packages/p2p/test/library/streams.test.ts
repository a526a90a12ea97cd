import { yamux } from '@chainsafe/libp2p-yamux';
import type { Stream, StreamMuxerFactory } from '@libp2p/interface';
import { lpStream } from '@libp2p/utils';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { calmYamux } from '../../src/host/calm-windows.ts';
import { STREAM_OPTIONS } from '../../src/host/libp2p-options.ts';
import { framed } from '../../src/streams/framed.ts';
import { flowOf, onWritable, type Flow } from '../../src/streams/flow.ts';
import { streamDuplex } from '../../src/streams/stream-duplex.ts';
import { until } from '../support/network.ts';
import { yamuxPair, type YamuxPair } from '../support/yamux-pair.ts';

/*
 * Bugs of libp2p's streams that our code works around. When one of these fails after an upgrade, the bug is gone,
 * and the work-around named with it may go, too.
 */
const WINDOW = 256 * 1024;
const MEBIBYTE = 1 << 20;

/** Waits until a stream broke, or holds unread bytes that have not become more for many turns. */
async function brokenOrStill(stream: Stream, reason: () => string): Promise<void> {
  const seen = { length: -1, times: 0 };
  await until(() => {
    seen.times = stream.readBufferLength === seen.length ? seen.times + 1 : 0;
    seen.length = stream.readBufferLength;
    return reason() !== '' || (seen.length > 0 && seen.times >= 10);
  });
}

describe('libp2p streams', () => {
  test('never finish a close() that is made while "idle" is told (onWritable waits a moment)', async () => {
    async function closeWhenIdle(onIdle: (stream: Stream, callback: () => void) => void): Promise<void> {
      const [stream] = await yamuxPair().open();
      const closing = Promise.withResolvers<void>();
      onIdle(stream, () => closing.resolve(stream.close({ signal: AbortSignal.timeout(1_000) })));
      stream.send(new Uint8Array(10));
      return closing.promise;
    }
    await expect(closeWhenIdle((stream, close) => stream.addEventListener('idle', close))).rejects.toThrow();
    await closeWhenIdle(onWritable);
  });

  test('lose a pause() made while they resume, and flow control with it (flowOf puts it off)', async () => {
    /** Why the reader's stream broke, if it did. */
    async function pausedInsideResume(controls: (far: Stream) => Flow): Promise<string> {
      const [near, far] = await yamuxPair().open();
      const { pause, resume } = controls(far);
      let reason = '';
      far.addEventListener('close', (event) => (reason = event.error?.name ?? 'closed'));
      far.pause();
      near.send(new Uint8Array(16 * MEBIBYTE));
      await until(() => far.readBufferLength >= WINDOW);
      far.addEventListener('message', pause);
      resume();
      await brokenOrStill(far, () => reason);
      return reason;
    }
    const stock = (far: Stream): Flow => ({ pause: () => far.pause(), resume: () => far.resume() });
    expect(await pausedInsideResume(stock)).toBe('StreamBufferError');
    expect(await pausedInsideResume(flowOf)).toBe('');
  });

  test('tell "drain" to a stream that still holds unsent bytes (onWritable asks)', async () => {
    const { open, connection } = yamuxPair();
    const [near, far] = await open();
    far.pause();
    near.send(new Uint8Array(MEBIBYTE));
    await until(() => far.readBufferLength >= WINDOW);
    let drains = 0;
    let writable = 0;
    near.addEventListener('drain', () => (drains += 1));
    onWritable(near, () => (writable += 1));
    connection.dispatchEvent(new Event('drain'));
    await Promise.resolve();
    expect(near.writeBufferLength).toBeGreaterThan(0);
    expect({ drains, writable }).toEqual({ drains: 1, writable: 0 });
  });

  test('tell "end" after a reset, too (streamDuplex and pump ask for the other side’s own finish)', async () => {
    const [near, far] = await yamuxPair().open();
    let ended = false;
    let finished = false;
    far.addEventListener('end', () => (ended = true));
    far.addEventListener('remoteCloseWrite', () => (finished = true));
    near.abort(new RangeError('cut'));
    await until(() => ended);
    expect({ finished, status: far.status }).toEqual({ finished: false, status: 'reset' });
  });

  test('tell "end" before bytes that a reader of messages gives back (isReadToEnd, and framed gives none back)', async () => {
    const message = Uint8Array.of(2, 7, 7, 1, 2, 3);
    const [near, far] = await yamuxPair().open();
    const stock = lpStream(far);
    near.send(message);
    await near.close();
    await stock.read();
    await until(() => far.readableEnded);
    stock.unwrap();
    expect({ ended: far.readableEnded, left: far.readBufferLength }).toEqual({ ended: true, left: 3 });
    expect(await text(streamDuplex({ stream: far, early: new Uint8Array(0), finished: true }))).toBe(
      '\x01\x02\x03',
    );

    const [sender, receiver] = await yamuxPair().open();
    const ours = framed(receiver, 100);
    const reading = ours.read(AbortSignal.timeout(20_000));
    sender.send(message);
    await sender.close();
    expect([...(await reading)]).toEqual([7, 7]);
    await until(() => receiver.readableEnded);
    const { early, finished } = ours.detach();
    expect({ early: [...early], finished }).toEqual({ early: [1, 2, 3], finished: true });
  });

  test('answer each frame with a message of their own (calmYamux gives back half a window at once)', async () => {
    const frames = 64;
    /** Messages with which the far end answers so many frames of 16 KiB, none of which is lost. */
    async function answersTo(pair: YamuxPair): Promise<number> {
      const [near, far] = await pair.open();
      let received = 0;
      far.addEventListener('message', ({ data }) => (received += data.byteLength));
      near.send(new Uint8Array(16_384));
      await until(() => received === 16_384);
      const before = pair.sentByFar();
      for (let count = 1; count < frames; count++) {
        near.send(new Uint8Array(16_384));
        await until(() => received === (count + 1) * 16_384);
      }
      return pair.sentByFar() - before;
    }
    expect(await answersTo(yamuxPair())).toBeGreaterThanOrEqual(frames - 1);
    const answers = await answersTo(yamuxPair(calmYamux({})));
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThanOrEqual(frames / 8);
  });

  test('hang a loop over a stream whose other side has finished already (nothing here loops; events tell)', async () => {
    const [near, far] = await yamuxPair().open();
    await near.close();
    await until(() => far.readableEnded);
    const looped = (async () => {
      for await (const chunk of far) expect(chunk).toBeUndefined();
      return 'done';
    })();
    const patience = new Promise((resolve) => setTimeout(resolve, 300, 'waits'));
    expect(await Promise.race([looped, patience])).toBe('waits');
    await expect(text(streamDuplex({ stream: far, early: new Uint8Array(0), finished: true }))).resolves.toBe(
      '',
    );
  });

  test('are reset when a fast one pauses with the library’s own windows (STREAM_OPTIONS keep them below the buffer)', async () => {
    /** Whether a stream breaks that paused when its window had grown as far as it does. */
    async function pausedWhenGrown(factory: () => StreamMuxerFactory): Promise<string> {
      const pair = yamuxPair(factory);
      // Any round trip is quick compared with this one: so windows grow as on a long, fast line.
      Object.assign(pair.far, { rtt: 10_000 });
      const [near, far] = await pair.open();
      let received = 0;
      let reason = '';
      far.addEventListener('message', ({ data }) => (received += data.byteLength));
      far.addEventListener('close', (event) => (reason = event.error?.name ?? 'closed'));
      near.send(new Uint8Array(32 * MEBIBYTE));
      await until(() => received === 32 * MEBIBYTE);
      far.pause();
      near.send(new Uint8Array(16 * MEBIBYTE));
      await brokenOrStill(far, () => reason);
      return reason;
    }
    expect(await pausedWhenGrown(yamux())).toBe('StreamBufferError');
    expect(await pausedWhenGrown(calmYamux({ streamOptions: STREAM_OPTIONS }))).toBe('');
  });

  test('are all cut when the 11th comes before the connection is ready (maxEarlyStreams is raised)', async () => {
    const { near, far } = yamuxPair();
    for (let count = 0; count < 11; count++) await near.createStream();
    await until(() => far.status === 'closed');
  });
});
