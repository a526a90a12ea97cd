import { describeWith, requirement } from '@hamster/libvirt/testing';
import { eventually, throwAwayNetwork, type LocalNetwork } from '@hamster/testing';
import type { BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium, requireChromium } from '@hamster/testing/chromium';
import {
  configure,
  connected,
  connectDevelopmentAccount,
  listMachines,
  openMarket,
  pay,
  terminate,
  waitForMachine,
} from './rent-flow.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3eNn4FWQEZVCbWKW4i5KfF9BlmAg1xl2EGOm1bUR4e renter';

describeWith([await requirement('chromium', requireChromium)], 'renting in the market page', () => {
  let network: LocalNetwork & AsyncDisposable;
  let browser: BrowserContext & AsyncDisposable;
  let page: Page;
  const complaints: string[] = [];
  let isRefusing = false;

  /** Everything goes to the node, but transactions while it is to refuse them. */
  const listenIn = (socket: WebSocketRoute): void => {
    const node = socket.connectToServer();
    socket.onMessage((message) => {
      const { id, method } = JSON.parse(String(message)) as { id: number; method: string };
      if (!isRefusing || !method.startsWith('author_')) return node.send(message);
      const error = { code: 1016, message: 'Immediately Dropped' };
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, error }));
    });
  };

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver: 'process', images: ['process'], dapp: true });
    browser = await openChromium();
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.routeWebSocket((url) => url.port === new URL(network.rpcUrl).port, listenIn);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
  }, 180_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await network[Symbol.asyncDispose]();
  }, 90_000);

  it('goes to another node where the one in its address is away, and stays there when it is read again', async () => {
    const address = new URL(network.dappUrl);
    // Nothing listens on the other addresses of loopback.
    address.searchParams.set('rpc', network.rpcUrl.replace('127.0.0.1', '127.0.0.2'));
    await page.goto(address.href);
    await page.getByTestId('other-node').click();
    const url = page.getByTestId('node-dialog').getByLabel('Address of the node');
    await url.fill('nonsense');
    expect(await url.getAttribute('aria-invalid')).toBe('true');
    await url.fill(network.rpcUrl);
    await url.press('Enter');
    await connected(page);
    await page.reload();
    await connected(page);
    expect(new URL(page.url()).search).toBe('');
  }, 120_000);

  it('connects to the chain and an account', async () => {
    await openMarket(page, { dappUrl: network.dappUrl, rpcUrl: network.rpcUrl });
    await connectDevelopmentAccount(page, 'Alice');
  }, 120_000);

  it('lesson 24: pays what it showed, and the order becomes a lease with the host key of the chain', async () => {
    const wish = { resource: 1, cpuCores: 1, memoryGib: 1, diskGib: 1, hours: 2, sshPublicKey: KEY };
    const { total } = await configure(page, wish);
    const { order } = await pay(page);
    expect(order).toBe(1);
    const { sshCommand, hostKey } = await waitForMachine(page);
    expect(sshCommand).toContain('hamster ssh 1');
    expect(hostKey).toContain('SHA256:');
    const lease = await network.chain.lease(1);
    expect(lease?.status).toBe('Active');
    expect(lease?.sshPublicKey.startsWith('ssh-ed25519 AAAA')).toBe(true);
    const escrow = Number((lease?.escrow ?? 0n) + (lease?.paid ?? 0n)) / 1e12;
    expect(Number(/[\d.]+/.exec(total.replace(/,/g, ''))?.[0])).toBeCloseTo(escrow, 6);
  }, 180_000);

  it('lists the machine, and fits on a phone without scrolling sideways', async () => {
    expect(await listMachines(page)).toEqual(new Map([[1, 'active']]));
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  }, 60_000);

  it('says why a termination failed, and asks anew without it', async () => {
    await page.locator('[data-testid="machine-1"]').first().click();
    isRefusing = true;
    const dialog = page.getByTestId('terminate-dialog');
    await page.getByTestId('terminate').click();
    await dialog.getByTestId('confirm-terminate').click();
    await dialog.getByText('The lease was not ended').waitFor();
    isRefusing = false;
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByTestId('terminate').click();
    await dialog.waitFor();
    expect(await dialog.getByText('The lease was not ended').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }, 90_000);

  it('terminates, and shows the refund that the chain paid', async () => {
    const { refunded } = await terminate(page);
    const lease = await eventually(
      network.chain,
      async () => {
        const found = await network.chain.lease(1);
        return found?.closed === undefined ? undefined : found;
      },
      { what: 'the lease is closed', signal: AbortSignal.timeout(30_000) },
    );
    expect(lease.closed?.reason).toBe('TerminatedByRenter');
    expect(Number(/[\d.]+/.exec(refunded.replace(/,/g, ''))?.[0])).toBeCloseTo(
      Number(lease.refunded) / 1e12,
      4,
    );
  }, 90_000);

  it('lesson 24: threw nothing at the person on the way', () => {
    expect(complaints).toEqual([]);
  });

  it('runs no script that somebody slipped into the page', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.slippedIn = true';
      document.head.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.slippedIn = true');
      document.body.append(image);
      image.dispatchEvent(new Event('error'));
      return 'slippedIn' in window;
    });
    expect(ran).toBe(false);
  });
});
