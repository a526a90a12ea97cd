import { afterEach, describe, expect, it } from 'vitest';
import { connectLibvirt } from '../src/index.ts';
import type { ConnectOptions, Libvirt } from '../src/index.ts';
import { PROCEDURE } from '../src/procedures.ts';
import { MESSAGE, PROGRAM, STATUS } from '../src/rpc/packet.ts';
import { XdrWriter } from '../src/xdr/writer.ts';
import { FakeDaemon, reply } from './fake-daemon.ts';
import type { Script } from './fake-daemon.ts';

const domain = { name: 'vm', uuid: '00112233-4455-6677-8899-aabbccddeeff', id: 1 };
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function connectTo(script: Script, options: ConnectOptions = {}): Promise<Libvirt> {
  const daemon = await FakeDaemon.start(script);
  cleanups.push(() => daemon.stop());
  const libvirt = await connectLibvirt({ socketPath: daemon.socketPath, ...options });
  cleanups.push(() => libvirt.close());
  return libvirt;
}

const hostname = (name: string): Buffer => new XdrWriter().string(name).bytes();

describe('the answer of a guest agent', () => {
  it.each([
    ['is no JSON', '{"return": {', /not JSON/],
    ['has no end', `"${'x'.repeat(300_000)}"`, /300002 characters/],
  ])('that %s is refused, and the connection lives on', async (_, text, message) => {
    const libvirt = await connectTo((packet, peer) => {
      const agent = packet.program === PROGRAM.qemu;
      peer.send(reply(packet, agent ? new XdrWriter().optionalString(text).bytes() : hostname('host')));
    });
    await expect(libvirt.agent(domain, { execute: 'guest-ping' })).rejects.toThrow(message);
    expect(await libvirt.host.hostname()).toBe('host');
  });
});

describe('a connection', () => {
  it('joins replies to calls by serial, in whatever order they come', async () => {
    const calls: Parameters<Script>[0][] = [];
    const libvirt = await connectTo((packet, peer) => {
      calls.push(packet);
      if (calls.length < 2) return;
      for (const call of calls.reverse()) peer.send(reply(call, hostname(`host-${call.serial}`)));
    });
    const [a, b] = await Promise.all([libvirt.host.hostname(), libvirt.host.hostname()]);
    expect(a).not.toBe(b);
  });

  it('rejects with the numbers of libvirt', async () => {
    const error = new XdrWriter().i32(55).i32(10).optionalString('not running').i32(2).bytes();
    const libvirt = await connectTo((packet, peer) =>
      peer.send({ ...reply(packet, error), status: STATUS.error }),
    );
    await expect(libvirt.domains.destroy(domain)).rejects.toMatchObject({ code: 55, domain: 10, level: 2 });
  });

  it('rejects what is pending when it is lost, tells so once, and refuses further calls', async () => {
    const libvirt = await connectTo((_packet, peer) => peer.hangUp());
    const losses: string[] = [];
    libvirt.onClose((error) => losses.push(error.code));
    const lost = { code: 'ConnectionLost' };
    await expect(Promise.all([libvirt.host.hostname(), libvirt.domains.list()])).rejects.toMatchObject(lost);
    await expect(libvirt.host.hostname()).rejects.toMatchObject(lost);
    expect(losses).toEqual(['ConnectionLost']);
  });

  it('gives up a call that is not answered in time, and lives on', async () => {
    let unanswered = 1;
    const libvirt = await connectTo((packet, peer) => {
      if (unanswered-- <= 0) peer.send(reply(packet, hostname('late')));
    });
    await expect(libvirt.host.hostname({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'Timeout' });
    expect(await libvirt.host.hostname()).toBe('late');
  });

  it('gives up a call that is aborted', async () => {
    const libvirt = await connectTo(() => undefined);
    const controller = new AbortController();
    const call = libvirt.host.hostname({ signal: controller.signal });
    controller.abort(new Error('shutting down'));
    await expect(call).rejects.toThrow('shutting down');
  });

  it('answers keepalive pings', async () => {
    const ponged = Promise.withResolvers<number>();
    const ping = { program: PROGRAM.keepalive, procedure: 1, type: MESSAGE.event, serial: 0, status: 0 };
    const libvirt = await connectTo((packet, peer) => {
      if (packet.program === PROGRAM.keepalive) return ponged.resolve(packet.procedure);
      peer.send({ ...ping, body: Buffer.alloc(0) });
      peer.send(reply(packet, hostname('host')));
    });
    await libvirt.host.hostname();
    expect(await ponged.promise).toBe(2);
  });

  it('closes on nonsense', async () => {
    const libvirt = await connectTo((_packet, peer) => peer.sendRaw(Buffer.from('HTTP/1.1 400')));
    await expect(libvirt.host.hostname()).rejects.toMatchObject({ code: 'Protocol' });
    expect(libvirt.closed).toBe(true);
  });

  it('says which socket it could not reach', async () => {
    const attempt = connectLibvirt({ socketPath: '/nonexistent/sock' });
    await expect(attempt).rejects.toMatchObject({
      code: 'ConnectFailed',
      message: expect.stringContaining('/nonexistent/sock') as string,
    });
  });
});

describe('a console', () => {
  const answering: Script = (packet, peer) => {
    if (packet.type === MESSAGE.call) return peer.send(reply(packet, Buffer.alloc(0)));
    peer.send(packet);
  };

  it('carries bytes both ways and ends', async () => {
    const libvirt = await connectTo(answering);
    const console = await libvirt.console(domain);
    console.write('hello ');
    console.end('there');
    const chunks: Buffer[] = [];
    for await (const chunk of console) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^(hello there|hello |)$/);
  });

  it('fails when the daemon ends it with an error', async () => {
    const error = new XdrWriter().i32(38).i32(10).optionalString('taken over').i32(2).bytes();
    const libvirt = await connectTo((packet, peer) => {
      answering(packet, peer);
      peer.send({ ...packet, type: MESSAGE.stream, status: STATUS.error, body: error });
    });
    const console = await libvirt.console(domain);
    const failure = new Promise((resolve) => console.once('error', resolve));
    console.resume();
    expect(await failure).toMatchObject({ code: 38 });
  });

  it('fails when nobody reads it', async () => {
    const libvirt = await connectTo((packet, peer) => {
      answering(packet, peer);
      const body = Buffer.alloc(256 * 1024);
      for (let count = 0; count < 6; count += 1) {
        peer.send({ ...packet, type: MESSAGE.stream, status: STATUS.continue, body });
      }
    });
    const console = await libvirt.console(domain);
    const failure = await new Promise((resolve) => console.once('error', resolve));
    expect(failure).toMatchObject({ code: 'StreamOverflow' });
  });

  it('is refused for a domain that does not run', async () => {
    const error = new XdrWriter().i32(55).i32(10).optionalString('not running').i32(2).bytes();
    const libvirt = await connectTo((packet, peer) =>
      peer.send({ ...reply(packet, error), status: STATUS.error }),
    );
    await expect(libvirt.console(domain)).rejects.toMatchObject({ code: 55 });
  });
});

describe('procedures', () => {
  it('have numbers of their own', () => {
    const numbers = Object.values(PROCEDURE);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
