import { createGatewayHost, createHost, createIdentity } from '@hamster/p2p';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { multiaddr } from '@multiformats/multiaddr';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { followCertificate } from '../src/tls/follow-certificate.ts';
import { hostsOf, loadCertificate } from '../src/tls/load-certificate.ts';
import { silent } from './support.ts';

const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { timeout: 20_000 });
const DAY_MS = 24 * 60 * 60 * 1000;

describe('TLS for browsers', () => {
  let home: string;
  let builtIn: string[];
  const file = (name: string): string => join(home, name);
  const pair = (name: string) => ({ cert: file(`${name}.pem`), key: file(`${name}.key`) });

  /** A certificate for localhost by our own authority. */
  async function issue(name: string): Promise<void> {
    const { cert, key } = pair(name);
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
    const authority = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-days', '30'];
    const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
    await openssl('req', '-x509', ...fresh, ...subject, ...authority, '-out', cert);
  }

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'hamster-tls-'));
    const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    await openssl(
      'req',
      '-x509',
      ...fresh,
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.pem'),
      '-subj',
      '/CN=ours',
      '-days',
      '30',
    );
    for (const name of ['first', 'second']) await issue(name);
    builtIn = getCACertificates();
    setDefaultCACertificates([...builtIn, await readFile(file('ca.pem'), 'utf8')]);
  }, 60_000);

  afterAll(async () => {
    setDefaultCACertificates(builtIn);
    await rm(home, { recursive: true, force: true });
  });

  /** The name in the certificate that a port shows to whoever trusts our authority. */
  function shownAt(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost' }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.on('error', reject);
    });
  }

  test('dials as a browser would, and shows a renewed certificate without a restart', async () => {
    const live = pair('live');
    const put = async (name: string): Promise<void> => {
      const { cert, key } = pair(name);
      await writeFile(live.key, await readFile(key));
      await writeFile(live.cert, await readFile(cert));
    };
    await put('first');
    const current = await loadCertificate(live, ['localhost'], Date.now());
    const host = await createGatewayHost({
      identity: await createIdentity(),
      listen: ['/ip4/127.0.0.1/tcp/0/tls/ws'],
      relay: { acl: { mayReserve: () => true, mayRelay: () => true } },
      certificate: current,
    });
    onTestFinished(() => host.stop());
    const [address = ''] = host.addresses();
    expect(address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/tls\/ws\/p2p\/12D3/);
    const port = Number(/tcp\/(\d+)/.exec(address)?.[1]);
    expect(await shownAt(port)).toBe('first');

    const client = await createHost({ identity: await createIdentity() });
    onTestFinished(() => client.stop());
    const secure = multiaddr(`/dns4/localhost/tcp/${port}/tls/ws/p2p/${host.peerId}`);
    const connection = await client.libp2p.dial(secure);
    expect(connection.remotePeer.toString()).toBe(host.peerId);

    const options = { files: live, hosts: ['localhost'], current, log: silent, everyMs: 20 };
    onTestFinished(followCertificate({ ...options, onRenewed: host.renewCertificate }));
    await put('second');
    await expect.poll(() => shownAt(port).catch(String)).toBe('second');
    expect(connection.status).toBe('open');
    expect((await client.libp2p.dial(secure, { force: true })).remotePeer.toString()).toBe(host.peerId);
  });

  test('a certificate that is not for the address that was dialled is refused', async () => {
    const { cert, key } = pair('first');
    const certificate = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
    const host = await createGatewayHost({
      identity: await createIdentity(),
      listen: ['/ip4/127.0.0.1/tcp/0/tls/ws'],
      relay: { acl: { mayReserve: () => true, mayRelay: () => true } },
      certificate,
    });
    onTestFinished(() => host.stop());
    const client = await createHost({ identity: await createIdentity() });
    onTestFinished(() => client.stop());
    await expect(client.libp2p.dial(host.libp2p.getMultiaddrs())).rejects.toThrow();
  });

  test('says what is wrong with the files', async () => {
    const { cert } = pair('first');
    const { key } = pair('second');
    await writeFile(file('junk.pem'), 'junk');
    const good = pair('first');
    const wrong = async (files: { cert: string; key: string }, now = Date.now(), hosts: string[] = []) =>
      loadCertificate(files, hosts, now).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    expect(await wrong(good)).toBe('nothing');
    expect(await wrong({ ...good, cert: file('none.pem') })).toMatch(/cannot read --tls-cert .*none\.pem/);
    expect(await wrong({ ...good, cert: file('junk.pem') })).toMatch(/junk\.pem holds no certificate in PEM/);
    expect(await wrong({ ...good, key: file('junk.pem') })).toMatch(/junk\.pem holds no private key in PEM/);
    expect(await wrong({ cert, key })).toMatch(/second\.key does not belong to the certificate/);
    expect(await wrong(good, Date.now() + 31 * DAY_MS)).toMatch(/expired on .* renew it/);
    expect(await wrong(good, Date.now() - DAY_MS)).toMatch(/is valid from .* on only/);
    const hosts = hostsOf(['/dns4/relay.example/tcp/443/tls/ws', '/dns4/other.example/tcp/4001']);
    expect(hosts).toEqual(['relay.example']);
    expect(await wrong(good, Date.now(), hosts)).toMatch(
      /is not for relay\.example.*it is for DNS:localhost/,
    );
  });
});
