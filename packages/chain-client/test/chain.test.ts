import { Keyring } from '#polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { cryptoWaitReady } from '#polkadot/util-crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commitmentOf, connect, DispatchFailed, disputeDeposit, pricePerHour } from '../src/index.ts';
import type { ChainClient, Head, OfferFilter } from '../src/index.ts';
import { startNode } from './support/node.ts';
import type { DevNode } from './support/node.ts';

const HAM = 10n ** 12n;
const SSH_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrm9lnQuvUeXJ60Y9trqXn5FOhM7Vhza9YGyYqXrDc1';
const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const spec = { cpuCores: 1, memoryMib: 512, diskGib: 5 };

describe('a market on a real development chain', () => {
  let node: DevNode;
  let chain: ChainClient;
  let alice: KeyringPair;
  let bob: KeyringPair;
  let charlie: KeyringPair;

  beforeAll(async () => {
    await cryptoWaitReady();
    const ring = new Keyring({ type: 'sr25519' });
    [alice, bob, charlie] = ['//Alice', '//Bob', '//Charlie'].map((uri) => ring.addFromUri(uri)) as [
      KeyringPair,
      KeyringPair,
      KeyringPair,
    ];
    node = await startNode();
    chain = await connect(node.url);
  });

  afterAll(async () => {
    await chain.close();
    await node.stop();
  });

  async function order(hours = 1, maxPricePerHour = 10n * HAM): Promise<number> {
    const [offer] = await chain.offers();
    const call = chain.calls.resourceOrder.createOrder({
      resource: offer?.id ?? 0,
      spec,
      hours,
      image: 'debian-13',
      sshPublicKey: SSH_KEY,
      maxPricePerHour,
    });
    const { events } = await chain.submit(call, alice);
    return events.get('resourceOrder.OrderCreated').order;
  }

  it('says which chain it is', () => {
    expect(chain.chain).toMatchObject({
      type: 'Development',
      specName: 'hamster',
      symbol: 'HAM',
      decimals: 12,
      ss58Prefix: 42,
    });
  });

  it('reads the rules, and that an account owns what it should', async () => {
    const { provider, resourceOrder, gateway } = await chain.parameters();
    expect(resourceOrder.hour).toBe(600_000);
    expect(provider.stakePerCore).toBe(HAM);
    expect(gateway.minStake).toBe(100n * HAM);
    expect(await chain.withdrawable(charlie.address)).toEqual([]);
    expect(await chain.balance(charlie.address)).toMatchObject({ free: 1_000_000n * HAM, held: 0n });
    expect(Math.abs((await chain.now()) - Date.now())).toBeLessThan(30_000);
  });

  it('registers a machine with three transactions at once, which follow each other', async () => {
    const resource = {
      peerId: PEER,
      capacity: { cpuCores: 4, memoryMib: 8192, diskGib: 100 },
      prices: { cpuCoreHour: HAM, memoryGibHour: HAM / 3n, diskGibHour: HAM / 100n },
      availableUntil: Date.now() + 86_400_000,
      images: ['debian-13', 'ubuntu-26.04'],
      virtualization: 'Process' as const,
      cpuModel: 'Test ☺',
      region: 'eu-west',
    };
    const outcomes = await Promise.all([
      chain.submit(chain.calls.provider.stake(100n * HAM), bob),
      chain.submit(chain.calls.provider.stake(100n * HAM), bob),
      chain.submit(chain.calls.provider.registerResource(resource), bob),
    ]);
    const { resource: id } = outcomes[2].events.get('provider.ResourceRegistered');
    expect(await chain.stake(bob.address)).toEqual({ active: 200n * HAM, locked: 0n, unbonding: [] });
    expect(await chain.balance(bob.address)).toMatchObject({ held: 200n * HAM });
    const [offer, ...others] = await chain.offers({ cpuCores: 4, image: 'ubuntu-26.04', region: 'eu-west' });
    expect(others).toEqual([]);
    expect(offer).toMatchObject({
      ...resource,
      id,
      owner: bob.address,
      capacity: { ...resource.capacity, gpus: 0 },
      status: 'Online',
    });
    const market = await chain.market({ cpuCores: 5 });
    expect(market.unfit).toMatchObject([{ offer: { id }, reasons: ['has 4 cores free'] }]);
  });

  it('offers what the chain would take an order for, and no more', async () => {
    const fits = async (filter: OfferFilter): Promise<boolean> => (await chain.offers(filter)).length > 0;
    expect(await fits({ cpuCores: 4, memoryMib: 8192, diskGib: 100, virtualization: 'Process' })).toBe(true);
    expect(await fits({ region: 'EU-West', durationMs: 600_000, maxPricePerHour: 2n * HAM })).toBe(true);
    expect(await fits({ virtualization: 'Kvm' })).toBe(false);
    expect(await fits({ image: 'arch' })).toBe(false);
    expect(await fits({ maxPricePerHour: HAM })).toBe(false);
    expect(await fits({ durationMs: 3 * 86_400_000 })).toBe(false);
    // Too small a slice: that is a rule of the chain, which the machine itself says nothing of.
    expect(await fits({ memoryMib: 1 })).toBe(false);
    const { offers, unfit } = await chain.market({ memoryMib: 1 });
    expect(offers).toEqual([]);
    expect(unfit).toMatchObject([{ reasons: ['would take no such order now'] }]);
  });

  it('shows gateways', async () => {
    const gateway = {
      peerId: PEER,
      multiaddrs: ['/ip4/127.0.0.1/tcp/4001'],
      region: 'eu',
      stake: 100n * HAM,
    };
    await chain.submit(chain.calls.gateway.register(gateway), charlie);
    expect(await chain.gateways()).toMatchObject([{ ...gateway, owner: charlie.address, status: 'Online' }]);
  });

  it('follows an order to a lease, and the lease to its end', async () => {
    const id = await order(2);
    expect(await chain.order(id)).toMatchObject({ id, status: 'Pending', image: 'debian-13', spec });
    const accepted = chain.awaitOrder(id, ({ status }) => status !== 'Pending', { timeoutMs: 20_000 });
    await chain.submit(chain.calls.resourceOrder.acceptOrder(id, SSH_KEY), bob);
    expect(await accepted).toMatchObject({ status: 'Accepted' });
    const price = pricePerHour((await chain.offers())[0]?.prices ?? never(), spec);
    const lease = (await chain.leasesOf(alice.address)).find((found) => found.id === id);
    expect(lease).toMatchObject({
      id,
      status: 'Active',
      pricePerHour: price,
      escrow: 2n * price,
      sshHostKey: SSH_KEY,
    });
    const report = { lease: id, ...spec, running: true };
    await chain.submit(chain.calls.resourceOrder.heartbeat([report]), bob);
    const closed = chain.awaitLease(id, ({ closed: how }) => how !== undefined, { timeoutMs: 20_000 });
    const { events } = await chain.submit(chain.calls.resourceOrder.terminateLease(id), alice);
    const { reason, paid, refunded } = events.get('resourceOrder.LeaseClosed');
    expect(reason).toBe('TerminatedByRenter');
    expect(paid + refunded).toBe(2n * price);
    expect(await closed).toMatchObject({ status: 'Terminated', escrow: 0n, paid, refunded });
    expect(await chain.leasesOfProvider(bob.address)).toMatchObject([{ id }]);
  });

  it('reads several things of one block, whatever comes meanwhile', async () => {
    const before = await chain.snapshot();
    const id = await order();
    const after = await chain.snapshot();
    const of = async (state: typeof before) => ({
      order: await state.order(id),
      ids: (await state.ordersOfProvider(bob.address)).map((each) => each.id),
      held: (await state.balance(alice.address)).held,
      time: await state.now(),
    });
    const [then, now] = [await of(before), await of(after)];
    expect(then.order).toBeUndefined();
    expect(now.order).toMatchObject({ status: 'Pending' });
    expect(now.ids).toEqual([...then.ids, id]);
    expect(now.held - then.held).toBe(now.order?.escrow);
    expect(now.time).toBeGreaterThan(then.time);
    expect(after.block.number).toBeGreaterThan(before.block.number);
    expect(await chain.blockHash(before.block.number)).toBe(before.block.hash);
    await chain.submit(chain.calls.resourceOrder.cancelOrder(id), alice);
  });

  it('tells why an order was rejected', async () => {
    const id = await order();
    await chain.submit(chain.calls.resourceOrder.rejectOrder(id, 'the disk is broken ☹'), bob);
    expect(await chain.order(id)).toMatchObject({ status: 'Rejected', rejection: 'the disk is broken ☹' });
    expect(await chain.balance(alice.address)).toMatchObject({ held: 0n });
  });

  it('lesson 22: says in a sentence why the chain refused a call', async () => {
    const refused = order(1, 1n);
    await expect(refused).rejects.toBeInstanceOf(DispatchFailed);
    await expect(refused).rejects.toMatchObject({
      pallet: 'resourceOrder',
      error: 'PriceTooHigh',
      message: expect.stringContaining('raised its price') as string,
    });
    const inBatch = chain.calls.batchAll([chain.calls.resourceOrder.cancelOrder(999)]);
    await expect(chain.submit(inBatch, alice)).rejects.toMatchObject({ error: 'OrderNotFound' });
    const bySudo = chain.calls.sudo(chain.calls.resourceOrder.cancelOrder(999));
    await expect(chain.submit(bySudo, alice)).rejects.toBeInstanceOf(DispatchFailed);
  });

  it('opens a dispute, which the panel votes on', async () => {
    const id = await order(2);
    await chain.submit(chain.calls.resourceOrder.acceptOrder(id, SSH_KEY), bob);
    const claim = chain.calls.arbitration.openDispute(id, 'SpecMismatch', new Uint8Array(32));
    const { events } = await chain.submit(claim, alice);
    const { dispute, deposit } = events.get('arbitration.DisputeOpened');
    expect(await chain.lease(id)).toMatchObject({ status: 'Disputed' });
    const ring = new Keyring({ type: 'sr25519' });
    const [dave, eve] = [ring.addFromUri('//Dave'), ring.addFromUri('//Eve')];
    const observed = { reachable: true, cpuCores: 1, memoryMib: 512, diskGib: 4 };
    const vote = { dispute, verdict: 'ProviderAtFault' as const, observed, salt: new Uint8Array(32).fill(3) };
    const commit = chain.calls.arbitration.commitVote(dispute, commitmentOf(dave.address, vote));
    await chain.submit(commit, dave);
    expect(await chain.disputeOfLease(id)).toMatchObject({
      ...{ id: dispute, lease: id, claim: 'SpecMismatch', deposit, committed: 1, status: 'Open' },
      evidenceHash: `0x${'00'.repeat(32)}`,
      panel: expect.arrayContaining([dave.address, eve.address]) as string[],
    });
    expect(await chain.disputes()).toHaveLength(1);
    const rules = (await chain.parameters()).arbitration;
    expect(disputeDeposit((await chain.lease(id)) ?? never(), rules)).toBe(deposit);
    const commitment = `0x${Buffer.from(commitmentOf(dave.address, vote)).toString('hex')}`;
    expect(await chain.ballot(dispute, dave.address)).toEqual({ commitment, vote: undefined });
    expect(await chain.ballot(dispute, eve.address)).toBeUndefined();
    await expect(chain.submit(commit, dave)).rejects.toMatchObject({
      error: 'AlreadyCommitted',
      message: expect.stringContaining('voted already') as string,
    });
    await expect(chain.submit(chain.calls.arbitration.revealVote(vote), dave)).rejects.toMatchObject({
      error: 'RevealNotOpen',
    });
    await expect(chain.submit(chain.calls.resourceOrder.terminateLease(id), alice)).rejects.toMatchObject({
      error: 'LeaseNotActive',
    });
  });

  it('says that an account without money cannot pay', async () => {
    const poor = new Keyring({ type: 'sr25519' }).addFromUri('//Nobody');
    const call = chain.calls.transfer(alice.address, HAM);
    expect(await chain.fee(call, poor.address)).toBeGreaterThan(0n);
    await expect(chain.submit(call, poor)).rejects.toMatchObject({
      name: 'TransactionRejected',
      code: 'FEE_UNPAYABLE',
    });
  });

  it('says itself what a node refuses, and lets nothing that it answers onto the console', async () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      const nowhere = `0x${'11'.repeat(32)}`;
      await expect(chain.api.rpc.state.getRuntimeVersion(nowhere)).rejects.toThrow();
      await expect(chain.api.rpc.chain.getBlock(nowhere)).rejects.toThrow();
      expect(written.mock.calls).toEqual([]);
    } finally {
      written.mockRestore();
    }
  });

  it('waits for finality when asked to', async () => {
    const before = (await chain.balance(charlie.address)).free;
    await chain.submit(chain.calls.transfer(charlie.address, HAM), alice, { waitFor: 'finalized' });
    expect((await chain.balance(charlie.address)).free).toBe(before + HAM);
  });

  it('watches heads', async () => {
    const heads: Head[] = [];
    const two = Promise.withResolvers<void>();
    const stop = await chain.watchHeads((head) => {
      if (heads.push(head) === 2) two.resolve();
    });
    await two.promise;
    stop();
    expect(heads[1]?.parentHash).toBe(heads[0]?.hash);
  });

  function never(): never {
    throw new TypeError('nothing is offered');
  }
});
