import type { Page } from 'playwright-core';

/** What a renter does in the market page, step by step, over a Playwright page. Each step waits for its own outcome. */
export interface MachineWish {
  readonly resource: number;
  readonly cpuCores?: number;
  readonly memoryGib?: number;
  readonly diskGib?: number;
  readonly hours: number;
  readonly sshPublicKey: string;
}

/** Long enough for a provider to build a machine, and for its order to time out. */
const ANSWERED_MS = 300_000;

/** Opens the page on a node, and waits until it has seen a block. */
export async function openMarket(
  page: Page,
  { dappUrl, rpcUrl }: { dappUrl: string; rpcUrl: string },
): Promise<void> {
  const url = new URL(dappUrl);
  url.searchParams.set('rpc', rpcUrl);
  await page.goto(url.href);
  await connected(page);
}

/** Waits until the page has a node that answers. */
export async function connected(page: Page): Promise<void> {
  await page
    .getByTestId('node-button')
    .and(page.getByRole('button', { name: /^Connected/ }))
    .waitFor();
}

/** Chooses one of the chain's development accounts: `Alice`, `Bob`, … */
export async function connectDevelopmentAccount(page: Page, name: string): Promise<void> {
  await page.getByTestId('account-button').click();
  await page.getByTestId('development-accounts').click();
  await page.getByTestId(`account-${name}`).click();
  await page.getByRole('button', { name: `Account: ${name}` }).waitFor();
}

/** From the market to the configured machine, up to the total that would be paid. */
export async function configure(page: Page, wish: MachineWish): Promise<{ total: string }> {
  await goTo(page, 'Market');
  await page.getByTestId(`offer-${wish.resource}`).getByRole('link').click();
  await type(page, 'cores', wish.cpuCores);
  await type(page, 'memory', wish.memoryGib);
  await type(page, 'disk', wish.diskGib);
  await type(page, 'hours', wish.hours);
  await page.getByTestId('ssh-key').fill(wish.sshPublicKey);
  return { total: await page.getByTestId('total').innerText() };
}

/** Reviews, confirms and pays; resolves with the order's id when it is in a block. */
export async function pay(page: Page): Promise<{ order: number }> {
  await page.getByTestId('review').click();
  await page.getByTestId('pay').click();
  await page.waitForURL(/#\/machines\/\d+$/);
  return { order: Number(page.url().split('/').at(-1)) };
}

/** Waits for the provider's answer; resolves with what a renter copies from the page. */
export async function waitForMachine(page: Page): Promise<{ sshCommand: string; hostKey: string }> {
  await page.getByTestId('connect').waitFor({ timeout: ANSWERED_MS });
  const hostKey = page.getByTestId('host-key').filter({ hasText: 'SHA256:' });
  return {
    sshCommand: (await page.getByTestId('ssh-command').locator('code').innerText()).replace(/^\$\s*/, ''),
    hostKey: await hostKey.innerText(),
  };
}

/** Ends the lease that is shown; resolves with what came back by the dialog's estimate and by the chain. */
export async function terminate(
  page: Page,
): Promise<{ expectedRefund: string; refunded: string; paid: string }> {
  await page.getByTestId('terminate').click();
  const expectedRefund = await page.getByTestId('expected-refund').innerText();
  await page.getByTestId('confirm-terminate').click();
  await page.getByTestId('closed-lease').waitFor();
  return {
    expectedRefund,
    refunded: await page.getByTestId('refunded').innerText(),
    paid: await page.getByTestId('paid').innerText(),
  };
}

/** Cancels the order that is shown while the provider has not answered; resolves with what came back. */
export async function cancelOrder(page: Page): Promise<{ refunded: string }> {
  await page.getByTestId('cancel-order').click();
  await page.getByTestId('confirm-cancel').click();
  return { refunded: await page.getByTestId('order-refund').locator('strong').innerText() };
}

/** States of the machines under "My machines", by id: `waiting`, `active`, `terminated`, … */
export async function listMachines(page: Page): Promise<Map<number, string>> {
  await goTo(page, 'My machines');
  const rows = page.locator('[data-testid^="machine-"][data-state][href]');
  await rows.first().waitFor();
  const states = new Map<number, string>();
  for (const row of await rows.all()) {
    const id = (await row.getAttribute('data-testid'))?.replace('machine-', '');
    states.set(Number(id), (await row.getAttribute('data-state')) ?? '');
  }
  return states;
}

/** By the navigation that the width shows: on top, or at the bottom of a phone. */
async function goTo(page: Page, place: string): Promise<void> {
  await page
    .getByRole('navigation')
    .getByRole('link', { name: place, exact: true })
    .filter({ visible: true })
    .click();
}

async function type(page: Page, field: string, value: number | undefined): Promise<void> {
  if (value === undefined) return;
  await page.getByTestId(field).fill(String(value));
  await page.getByTestId(field).press('Tab');
}
