import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import {
  appMain,
  Ends,
  ManagedProcess,
  Renter,
  ROOT,
  runProgram,
  throwAwayNetwork,
  type LocalNetwork,
} from '@hamster/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium, requireChromium } from '@hamster/testing/chromium';
import { connectDevelopmentAccount, openMarket } from '../test/rent-flow.ts';

const RENT = 'rent --cores 1 --memory 512M --disk 1G --hours 3 --image process --yes'.split(' ');
const PHONE = { width: 390, height: 844 };
const soon = () => AbortSignal.timeout(60_000);

/** A renter's daemon, the page of a machine in a real Chromium, and a machine behind a gateway. */
describeWith(
  [await requirement('chromium', requireChromium)],
  'the daemon of a renter in the market page',
  () => {
    let network: LocalNetwork & AsyncDisposable;
    let browser: BrowserContext & AsyncDisposable;
    let page: Page;
    let renter: Renter;
    let daemon: ManagedProcess;
    let port = 0;
    const ends = new Ends();
    const complaints: string[] = [];

    /** On the port of the first one, as with a fixed setting. */
    async function startDaemon(...flags: string[]): Promise<void> {
      const started = new ManagedProcess({
        name: 'daemon',
        command: process.execPath,
        args: [
          appMain('client'),
          ...['--home', renter.home, '--chain', network.rpcUrl, '--dev-account', 'alice'],
          ...['daemon', '--api-port', String(port), ...flags],
        ],
        cwd: ROOT,
        logFile: join(network.options.directory, 'daemon.log'),
      });
      ends.defer(() => started.stop());
      daemon = started;
      await daemon.printed(/ ready$/, soon());
      port = Number(new URL((await readFile(inHome('api.url'), 'utf8')).trim()).port);
    }

    const inHome = (file: string): string => join(renter.home, 'daemon', file);
    const token = async (): Promise<string> => (await readFile(inHome('api.token'), 'utf8')).trim();
    const problem = (code: string): Promise<void> =>
      page.locator(`[data-testid="daemon-problem"][data-code="${code}"]`).waitFor();

    async function fill(at: string, by: string): Promise<void> {
      await page.getByTestId('daemon-url').locator('input').fill(at);
      await page.getByTestId('daemon-token').locator('input').fill(by);
    }

    async function showMachine(): Promise<void> {
      await page.evaluate(() => (location.hash = '#/machines/1'));
      await page.getByTestId('daemon').waitFor();
    }

    beforeAll(async () => {
      network = ends.use(await throwAwayNetwork({ driver: 'process', images: ['process'], dapp: true }));
      renter = new Renter({ network, account: 'alice' });
      expect(await renter.hamster(RENT)).toMatchObject({ code: 0 });
      browser = ends.use(await openChromium());
      page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => complaints.push(error.message));
      await openMarket(page, { dappUrl: network.dappUrl, rpcUrl: network.rpcUrl });
      await connectDevelopmentAccount(page, 'Alice');
    }, 240_000);
    afterAll(() => ends.all(), 120_000);

    it('is explained, and refused in words where it does not let the page in', async () => {
      await startDaemon();
      await showMachine();
      expect(await page.getByTestId('daemon').innerText()).toContain(
        `hamster daemon --page ${network.dappUrl}`,
      );
      await page.getByTestId('daemon-open').click();
      await fill('http://192.0.2.1:9618', await token());
      expect(await page.getByTestId('daemon-connect').isDisabled()).toBe(true);
      await fill(`http://127.0.0.1:${port}`, await token());
      await page.getByTestId('daemon-connect').click();
      const refused = page.getByTestId('daemon-refused');
      await refused.filter({ hasText: 'does not let this page in' }).waitFor();
      await daemon.stop();
      await page.getByTestId('daemon-connect').click();
      await refused.filter({ hasText: `Nothing answers at http://127.0.0.1:${port}` }).waitFor();
      await startDaemon('--page', network.dappUrl);
      await fill(`http://127.0.0.1:${port}`, 'x'.repeat(43));
      await page.getByTestId('daemon-connect').click();
      await refused.filter({ hasText: 'has another token' }).waitFor();
    }, 180_000);

    it('is connected by its link, which is not in the log, and leaves no token in the address bar', async () => {
      expect(daemon.tail).not.toContain(await token());
      const link = new URL(network.dappUrl);
      const api = { url: `http://127.0.0.1:${port}`, token: await token() };
      link.hash = `/daemon?${new URLSearchParams(api).toString()}`;
      await page.goto(link.href);
      await page.getByTestId('link-done').waitFor();
      expect(page.url()).not.toContain(await token());
      expect(await page.evaluate(() => localStorage.getItem('hamster.daemon'))).toBeNull();
    }, 120_000);

    it('opens ssh with the host key of the chain by what the page says to type, and closes it', async () => {
      await showMachine();
      await page.locator('[data-testid="way"].connected').waitFor();
      await page.getByTestId('open-ssh').click();
      const shown = await page.getByTestId('forward-ssh').locator('code').innerText();
      const command = shown.replace(/^\$\s*/, '');
      const said = await runProgram('sh', ['-c', `${command} 'echo through the page'`], { signal: soon() });
      expect(said).toMatchObject({ code: 0, stdout: 'through the page\n' });

      await page.getByTestId('remote-port').locator('input').fill('8080');
      await page.getByTestId('local-port').locator('input').fill(String(network.options.ports.rpc));
      await page.getByTestId('open-forward').click();
      await page.getByTestId('forward-refused').filter({ hasText: 'Choose another port' }).waitFor();
      await page.getByTestId('local-port').locator('input').fill('');
      await page.getByTestId('open-forward').click();
      const web = page.getByTestId('forward-8080');
      const address = await web.getByTestId('local-address').innerText();
      expect(await web.getByRole('link').getAttribute('href')).toBe(`http://${address}/`);

      await web.getByTestId('close-forward').click();
      await web.waitFor({ state: 'detached' });
      const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
      await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }, 180_000);

    it('is missed when it is stopped, and found again with its ports when it comes back', async () => {
      await page.setViewportSize(PHONE);
      await daemon.stop();
      await problem('away');
      await startDaemon('--page', network.dappUrl);
      await page.getByTestId('forward-22').waitFor();
      const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      expect(await page.evaluate(overflow)).toBe(0);
      await page.getByTestId('daemon-forget').click();
      await page.getByTestId('daemon-open').waitFor();
      expect(await page.evaluate(() => sessionStorage.getItem('hamster.daemon'))).toBeNull();
      expect(complaints).toEqual([]);
    }, 120_000);
  },
);
