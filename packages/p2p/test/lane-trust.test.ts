import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, getCACertificates, setDefaultCACertificates, type TlsOptions } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialDoor } from '../src/lane/dial-lane.ts';
import { newOffer } from '../src/lane/offer.ts';
import { LANE_TLS, secureAsClient } from '../src/lane/secure.ts';
import { LANE_MAGIC, TICKET_BYTES } from '../src/lane/ticket.ts';
import { cleanup } from './support/cleanup.ts';
import { listeningHost } from './support/network.ts';
import { portOf } from './support/machines.ts';

const keep = cleanup();
const soon = () => AbortSignal.timeout(20_000);
const GREETING = LANE_MAGIC.length + TICKET_BYTES;
const REFUSED = expect.objectContaining({ code: 'CONNECTION_LOST' });
/** The first byte of a TLS record in which a server answers a client's hello. */
const TLS_HANDSHAKE = 0x16;

let directory: string;
let certificate: { readonly cert: string; readonly key: string };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hamster-lane-'));
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', cert];
  await promisify(execFile)('openssl', args, { timeout: 20_000 });
  certificate = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** Somebody on the way, who takes the greeting and then speaks TLS of this kind. */
async function impostor(options: TlsOptions) {
  const server = createServer(options);
  server.on('tlsClientError', () => undefined);
  const door = keep(
    createTcpServer((socket) => {
      socket.once('readable', () => {
        socket.read(GREETING);
        server.emit('connection', socket);
      });
      socket.on('error', () => undefined);
    }),
  );
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  return { host: '127.0.0.1', port: portOf(door) };
}

describe('a client', () => {
  const offer = newOffer();
  const kinds: [string, () => TlsOptions][] = [
    ['a certificate', () => certificate],
    ['another key', () => ({ ...LANE_TLS, pskCallback: () => randomBytes(32) })],
    [
      'the key, but an older TLS',
      () => ({
        maxVersion: 'TLSv1.2',
        ciphers: 'PSK-AES128-GCM-SHA256',
        pskCallback: () => Buffer.from(offer.key),
      }),
    ],
    [
      'the key, but another cipher',
      () => ({
        ciphers: 'TLS_AES_256_GCM_SHA384',
        minVersion: 'TLSv1.3',
        pskCallback: () => Buffer.from(offer.key),
      }),
    ],
  ];

  test.each(kinds)('says nothing to a server that shows %s', async (_, options) => {
    const before = getCACertificates('default');
    // Also when the whole system trusts that certificate.
    setDefaultCACertificates([...before, certificate.cert]);
    try {
      const socket = await dialDoor(await impostor(options()), offer.ticket, soon());
      await expect(secureAsClient(socket, offer, soon())).rejects.toEqual(REFUSED);
      expect(socket.destroyed).toBe(true);
    } finally {
      setDefaultCACertificates(before);
    }
  });

  test('gives up a server that says nothing', async () => {
    const mute = keep(createTcpServer((socket) => void socket.on('error', () => undefined)));
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const socket = await dialDoor({ host: '127.0.0.1', port: portOf(mute) }, offer.ticket, soon());
    await expect(secureAsClient(socket, offer, AbortSignal.timeout(100))).rejects.toEqual(REFUSED);
    expect(socket.destroyed).toBe(true);
  });
});

describe('all that a client said to open its lane', () => {
  /** A provider behind a tap that hears everything, and passes on only if it is told to. */
  async function tapped() {
    const host = keep(await listeningHost());
    let opened = 0;
    const offered = host.lanes?.offer(() => (opened += 1));
    if (!offered) return expect.fail('There are no lanes');
    const own = Number(host.libp2p.getMultiaddrs()[0]?.getComponents()[1]?.value);
    const heard: Buffer[] = [];
    const tap = keep(
      createTcpServer((socket) => {
        const target = connect(own, '127.0.0.1').on('error', () => undefined);
        socket.on('error', () => undefined).on('close', () => target.destroy());
        socket.on('data', (bytes: Buffer) => {
          heard.push(bytes);
          target.write(bytes);
        });
        target.pipe(socket);
      }),
    );
    tap.listen(0, '127.0.0.1');
    await once(tap, 'listening');
    return {
      own,
      offer: offered.offer,
      heard,
      tap: { host: '127.0.0.1', port: portOf(tap) },
      opened: () => opened,
    };
  }

  const said = async (socket: Socket): Promise<void> => {
    socket.on('error', () => undefined).resume();
    await new Promise((resolve) => socket.on('close', resolve));
  };

  test('opens it to nobody who says it again', async () => {
    const { own, offer, heard, tap, opened } = await tapped();
    const lane = await secureAsClient(await dialDoor(tap, offer.ticket, soon()), offer, soon());
    lane.on('error', () => undefined);
    keep({ close: () => lane.destroy() });
    await expect.poll(opened).toBe(1);
    const again = connect(own, '127.0.0.1');
    again.write(Buffer.concat(heard));
    await said(again);
    expect(opened()).toBe(1);
    expect(lane.destroyed).toBe(false);
  });

  test('opens it to nobody who says it first, and keeps the client out of nothing', async () => {
    const { own, offer, heard, tap, opened } = await tapped();
    const first = connect(own, '127.0.0.1');
    const recorded = await recordOpening(offer);
    first.write(recorded);
    const [answer] = (await once(
      first.on('error', () => undefined),
      'data',
    )) as [Buffer];
    expect(answer[0]).toBe(TLS_HANDSHAKE);
    expect(opened()).toBe(0);
    const lane = await secureAsClient(await dialDoor(tap, offer.ticket, soon()), offer, soon());
    lane.on('error', () => undefined);
    keep({ close: () => lane.destroy() });
    await expect.poll(opened).toBe(1);
    expect(heard.length).toBeGreaterThan(0);
    first.destroy();
  });
});

/** The greeting and the first words of TLS of a client whose words went astray. */
async function recordOpening(offer: Parameters<typeof secureAsClient>[1]): Promise<Buffer> {
  const words: Buffer[] = [];
  const enough = Promise.withResolvers<void>();
  const nowhere = keep(
    createTcpServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (bytes: Buffer) => {
          words.push(bytes);
          if (Buffer.concat(words).length > GREETING) enough.resolve();
        });
    }),
  );
  nowhere.listen(0, '127.0.0.1');
  await once(nowhere, 'listening');
  const socket = await dialDoor({ host: '127.0.0.1', port: portOf(nowhere) }, offer.ticket, soon());
  const opening = secureAsClient(socket, offer, soon());
  await enough.promise;
  socket.destroy();
  await expect(opening).rejects.toEqual(REFUSED);
  return Buffer.concat(words);
}
