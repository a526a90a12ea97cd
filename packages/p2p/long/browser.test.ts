import { connect } from 'node:tls';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { openChromium, requireChromium } from '@hamster/testing/chromium';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeControlRequest } from '../src/control/protocol.ts';
import {
  CONTROL_PROTOCOL,
  createGatewayHost,
  createIdentity,
  serveControl,
  type GatewayHost,
  type Host,
} from '../src/index.ts';
import { decodeReply } from '../src/wire/reply.ts';
import { account, GENESIS, grantFor } from '../test/support/accounts.ts';
import { listing, peerHost, reachable } from '../test/support/network.ts';
import type { BrowserPeer } from './browser/page.ts';
import { servePage, type ServedPage } from './support/served-page.ts';
import { throwAwayCertificate, type ThrowAwayCertificate } from './support/throw-away-certificate.ts';

declare const peer: BrowserPeer;

const SIZE = { cpuCores: 1, memoryMib: 512, diskGib: 2 };
const STATUS = { state: 'running' as const, image: 'tiny', size: SIZE, leased: SIZE };
const acl = { mayReserve: () => true, mayRelay: () => true };

/** A page with the stock library, a gateway that it reaches by TLS alone, and a provider that nobody can dial. */
describeWith([await requirement('chromium', requireChromium)], 'a page in a real Chromium', () => {
  let certificates: readonly [first: ThrowAwayCertificate, second: ThrowAwayCertificate];
  let gateway: GatewayHost;
  let provider: Host;
  let served: ServedPage;
  let browser: BrowserContext & AsyncDisposable;
  let page: Page;
  let secure = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    certificates = [await throwAwayCertificate(), await throwAwayCertificate()];
    gateway = await createGatewayHost({
      identity: await createIdentity(),
      listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/tls/ws'],
      relay: { acl },
      certificate: certificates[0],
    });
    secure = gateway.addresses().find((address) => address.includes('/tls/ws')) ?? '';
    provider = await peerHost();
    await reachable(provider, () => [listing(gateway)]);
    await serveStatus(provider);
    served = await servePage(new URL('browser/page.ts', import.meta.url));
    const known = certificates.map(({ keyHash }) => keyHash).join();
    browser = await openChromium([`--ignore-certificate-errors-spki-list=${known}`]);
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await openPage();
  }, 240_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    served.close();
    await provider.stop();
    await gateway.stop();
  }, 60_000);

  /** A fresh peer, without a connection. */
  async function openPage(): Promise<void> {
    await page.goto(served.url);
    await page.waitForFunction(() => 'peer' in globalThis, undefined, { timeout: 60_000 });
  }

  /** Asks, as the renter of lease 7, how its machine is. */
  async function status(): Promise<unknown> {
    const grant = await grantFor(await page.evaluate(() => peer.peerId), await account('//Alice'), {
      permissions: ['control'],
    });
    const request = encodeControlRequest({ grant, lease: 7n, command: { name: 'status' } });
    const answer = await page.evaluate(([to, protocol, bytes]) => peer.ask(to, protocol, bytes), [
      provider.peerId,
      CONTROL_PROTOCOL,
      withLength(request),
    ] as const);
    return decodeReply(withoutLength(answer))['answer'];
  }

  const connectTo = (address: string) => page.evaluate((there) => peer.connect(there), address);
  const throughGateway = () => `${secure}/p2p-circuit/p2p/${provider.peerId}`;

  test('reaches a provider through a gateway by TLS, and reads how its machine is', async () => {
    expect(secure).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/tls\/ws\/p2p\/12D3/);
    await connectTo(throughGateway());
    expect(await status()).toEqual(STATUS);
    expect(gateway.relay.reservations()).toHaveLength(1);
    expect(gateway.relay.circuits()).toBe(1);
  }, 60_000);

  test('goes on when the certificate is renewed, and connects anew by the renewed one', async () => {
    const [first, second] = certificates;
    const port = Number(/tcp\/(\d+)/.exec(secure)?.[1]);
    expect(await shownAt(port)).toBe(first.fingerprint256);
    gateway.renewCertificate(second);
    await expect.poll(() => shownAt(port), { timeout: 30_000 }).toBe(second.fingerprint256);
    const connections = (at: string) => page.evaluate((there) => peer.connections(there), at);
    expect(await connections(gateway.peerId)).toEqual(['open']);
    expect(await status()).toEqual(STATUS);
    await connectTo(secure);
    expect(await connections(gateway.peerId)).toEqual(['open', 'open']);
    await openPage();
    await connectTo(throughGateway());
    expect(await status()).toEqual(STATUS);
    expect(complaints).toEqual([]);
  }, 60_000);

  test('does not take a certificate that it was not told of', async () => {
    gateway.renewCertificate(await throwAwayCertificate());
    const port = Number(/tcp\/(\d+)/.exec(secure)?.[1]);
    await expect.poll(() => shownAt(port), { timeout: 30_000 }).not.toBe(certificates[1].fingerprint256);
    await expect(connectTo(secure)).rejects.toThrow();
  }, 60_000);
});

/** Alice rents lease 7, whose machine runs. */
async function serveStatus(provider: Host): Promise<void> {
  const renter = await account('//Alice');
  await serveControl(provider, {
    genesisHash: GENESIS,
    authorise: async ({ account: asker }) =>
      asker === renter.address
        ? { ok: true }
        : { ok: false, code: 'NOT_RENTER', message: 'That account does not rent it' },
    run: async () => STATUS,
  });
}

/** The fingerprint of the certificate that a port shows. */
function shownAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** As on the wire: an unsigned varint in front. */
function withLength(message: Uint8Array): number[] {
  const { length } = message;
  return length < 0x80 ? [length, ...message] : [(length & 0x7f) | 0x80, length >> 7, ...message];
}

function withoutLength([first = 0, ...rest]: number[]): Uint8Array {
  return Uint8Array.from(first < 0x80 ? rest : rest.slice(1));
}
