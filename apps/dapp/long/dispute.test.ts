import { fileURLToPath } from 'node:url';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium, requireChromium } from '@hamster/testing/chromium';
import { connectDevelopmentAccount } from '../test/rent-flow.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PHONE = { width: 390, height: 844 };

/** The page over a made-up chain, so that a dispute in every state can be looked at without waiting for validators. */
describeWith([await requirement('chromium', requireChromium)], 'a dispute in the market page', () => {
  let server: ViteDevServer;
  let browser: BrowserContext & AsyncDisposable;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await createServer({ root: ROOT, server: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
    await server.listen();
    browser = await openChromium();
    page = await browser.newPage();
    page.setDefaultTimeout(90_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await open('busy', 5);
  }, 180_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await server.close();
  }, 60_000);

  async function open(scene: string, machine: number): Promise<void> {
    const [url = ''] = server.resolvedUrls?.local ?? [];
    await page.goto(`${url}fixture/index.html?scene=${scene}#/machines/${machine}`);
  }

  async function goTo(machine: number): Promise<void> {
    await page.evaluate((id) => (location.hash = `#/machines/${id}`), machine);
    await page.getByRole('heading', { name: `Machine ${machine}` }).waitFor();
  }

  it('shows the deposit and what can come back before anything is signed, and then how it goes', async () => {
    await connectDevelopmentAccount(page, 'Alice');
    await page.getByTestId('open-dispute').click();
    const dialog = page.getByTestId('dispute-dialog');
    await page.getByTestId('claim-SpecMismatch').click();
    expect(await page.getByTestId('deposit').innerText()).toMatch(/^1\sHAM$/);
    expect(await dialog.innerText()).toMatch(/0\.094\sHAM of rent/);
    await page.getByTestId('confirm-dispute').click();
    await page.getByTestId('dispute-claim').waitFor();
    expect(await page.getByTestId('dispute-claim').innerText()).toBe('The machine is not what was agreed');
    const steps = page.getByTestId('dispute').locator('[data-step]');
    const states = await steps.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['state']));
    expect(states).toEqual(['done', 'current', 'waiting', 'waiting']);
    expect(await page.getByTestId('terminate').count()).toBe(0);
  }, 120_000);

  it('tells the verdict and what was paid back, on a phone too', async () => {
    await page.setViewportSize(PHONE);
    await goTo(1);
    expect(await page.getByTestId('dispute-rent').innerText()).toMatch(/^0\.094\sHAM$/);
    await goTo(4);
    expect(await page.getByTestId('dispute-outcome').innerText()).toContain('Deposit lost');
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBe(0);
    expect(complaints).toEqual([]);
  }, 120_000);
});
