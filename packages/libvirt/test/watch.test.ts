import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { connectLibvirt, watchDomains } from '../src/index.ts';
import type { WatchEvent } from '../src/index.ts';
import { PROCEDURE } from '../src/procedures.ts';
import { MESSAGE } from '../src/rpc/packet.ts';
import type { Packet } from '../src/rpc/packet.ts';
import { writeDomain } from '../src/api/references.ts';
import { XdrWriter } from '../src/xdr/writer.ts';
import { FakeDaemon, reply } from './fake-daemon.ts';
import type { Peer } from './fake-daemon.ts';

const domain = { name: 'vm', uuid: '00112233-4455-6677-8899-aabbccddeeff', id: 1 };
const PAUSE = { first: 5, longest: 10 };

/** A daemon with one domain, that can hang up on all clients and tell them of events. */
class Daemon {
  readonly peers = new Set<Peer>();
  fake!: FakeDaemon;

  async start(path?: string): Promise<string> {
    this.fake = await FakeDaemon.start((packet, peer) => this.#answer(packet, peer), path);
    return this.fake.socketPath;
  }

  tell(event: number): void {
    const body = writeDomain(new XdrWriter().i32(0), domain).i32(event).i32(0).bytes();
    const procedure = PROCEDURE.domainEventLifecycle;
    for (const peer of this.peers) {
      peer.send({ program: 0x20008086, procedure, type: MESSAGE.event, serial: 0, status: 0, body });
    }
  }

  hangUp(): void {
    for (const peer of this.peers) peer.hangUp();
    this.peers.clear();
  }

  #answer(packet: Packet, peer: Peer): void {
    this.peers.add(peer);
    const list = new XdrWriter().array([domain], writeDomain).u32(1).bytes();
    const isList = packet.procedure === PROCEDURE.connectListAllDomains;
    peer.send(reply(packet, isList ? list : new XdrWriter().i32(0).bytes()));
  }
}

describe('watchDomains', () => {
  const stop: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const each of stop.splice(0).reverse()) await each();
  });

  function watch(socketPath: string): { seen: WatchEvent[]; next(): Promise<WatchEvent> } {
    const controller = new AbortController();
    const emitter = new EventEmitter();
    const seen: WatchEvent[] = [];
    let read = 0;
    const watching = watchDomains({
      connect: (signal) => connectLibvirt({ socketPath, signal }),
      onEvent: (event) => {
        seen.push(event);
        emitter.emit('event');
      },
      signal: controller.signal,
      pauseMs: PAUSE,
    });
    stop.push(() => {
      controller.abort();
      return watching;
    });
    const next = async (): Promise<WatchEvent> => {
      while (seen[read] === undefined) await once(emitter, 'event', { signal: AbortSignal.timeout(10_000) });
      read += 1;
      return seen[read - 1] as WatchEvent;
    };
    return { seen, next };
  }

  it('tells all there is, what happens, and all there is again after the daemon came back', async () => {
    const daemon = new Daemon();
    const path = await daemon.start();
    stop.push(() => daemon.fake.stop());
    const { next } = watch(path);
    expect(await next()).toEqual({ kind: 'synced', domains: [domain] });
    daemon.tell(5);
    expect(await next()).toMatchObject({ kind: 'lifecycle', event: 'stopped', domain });
    daemon.hangUp();
    expect(await next()).toMatchObject({ kind: 'lost', error: { code: 'ConnectionLost' } });
    expect(await next()).toEqual({ kind: 'synced', domains: [domain] });
    daemon.tell(2);
    expect(await next()).toMatchObject({ kind: 'lifecycle', event: 'started' });
  });

  it('goes on trying while there is no daemon, and ends when told to', async () => {
    const daemon = new Daemon();
    const path = await daemon.start();
    await daemon.fake.stop();
    const { next } = watch(path);
    expect(await next()).toMatchObject({ kind: 'lost', error: { code: 'ConnectFailed' } });
    expect(await next()).toMatchObject({ kind: 'lost' });
    const again = new Daemon();
    await again.start(path);
    stop.push(async () => {
      await again.fake.stop();
      await rm(path, { force: true });
    });
    let event = await next();
    while (event.kind === 'lost') event = await next();
    expect(event).toEqual({ kind: 'synced', domains: [domain] });
  });
});
