import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { devAccount } from '@hamster/daemon';
import { anyPorts, LocalNetwork } from '@hamster/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAtTerminal } from '../test/support/terminal.ts';

const HAM = 10n ** 12n;
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrm9lnQuvUeXJ60Y9trqXn5FOhM7Vhza9YGyYqXrDc1';
const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const SPEC = { cpuCores: 1, memoryMib: 512, diskGib: 5 };
/** Long enough for three to vote, and to show it, on a busy machine. */
const VOTING_MS = 20_000;
const SHOWING_MS = 12_000;

/** A chain of its own, quick to judge; the test plays provider and validators. */
describe('a dispute by the command line', { timeout: 120_000 }, () => {
  let directory: string;
  let network: LocalNetwork;
  let lease: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-dispute-'));
    const ports = await anyPorts();
    network = new LocalNetwork({ directory, driver: 'process', images: [], ports, dapp: false });
    await network.startNode(new AbortController().signal);
    await shortenVoting();
    lease = await rentedMachine();
  }, 120_000);
  afterAll(async () => {
    await network.stop();
    await rm(directory, { recursive: true });
  });

  async function shortenVoting(): Promise<void> {
    const { chain } = network;
    const now = await chain.api.query.arbitration!.parameters!();
    const quick = {
      ...(now.toJSON() as object),
      commit_period: VOTING_MS,
      commitPeriod: VOTING_MS,
      reveal_period: SHOWING_MS,
      revealPeriod: SHOWING_MS,
    };
    const call = chain.api.tx.arbitration!.setParameters!(quick);
    await chain.submit(chain.calls.sudo(call), await devAccount('alice'));
  }

  async function rentedMachine(): Promise<number> {
    const { chain } = network;
    const [bob, alice] = [await devAccount('bob'), await devAccount('alice')];
    const { provider, resourceOrder } = chain.calls;
    const machine = {
      peerId: PEER,
      capacity: { cpuCores: 4, memoryMib: 8192, diskGib: 100 },
      prices: { cpuCoreHour: 40n * HAM, memoryGibHour: HAM, diskGibHour: HAM / 10n },
      availableUntil: Date.now() + 86_400_000,
      images: ['debian-13'],
      virtualization: 'Kvm' as const,
      cpuModel: 'cpu',
      region: 'eu-west',
    };
    await chain.submit(provider.stake(200n * HAM), bob);
    const { events } = await chain.submit(provider.registerResource(machine), bob);
    const { resource } = events.get('provider.ResourceRegistered');
    const order = { resource, spec: SPEC, hours: 2, image: 'debian-13', sshPublicKey: HOST_KEY };
    const placed = await chain.submit(
      resourceOrder.createOrder({ ...order, maxPricePerHour: 50n * HAM }),
      alice,
    );
    const { order: id } = placed.events.get('resourceOrder.OrderCreated');
    await chain.submit(resourceOrder.acceptOrder(id, HOST_KEY), bob);
    return id;
  }

  /** Somebody who types one command, with a home of their own, and may be asked one question. */
  async function types(who: string, args: readonly string[], question?: [string, string]) {
    const home = join(directory, who);
    const person = personAtTerminal(['--chain', network.rpcUrl, '--dev-account', who, '--home', home]);
    if (question) person.answers(...question);
    const printed = text(person.output);
    const code = await person.types(['dispute', ...args]).finally(() => person.output.end());
    return { code, printed: await printed, saw: person.saw(), unanswered: person.unanswered() };
  }

  it('shows what it costs, is opened after a yes, judged by secret votes, and pays back', async () => {
    const id = String(lease);
    const no = types('alice', ['open', id, '--claim', 'unreachable'], ['open the dispute? [y/N]', 'n']);
    await expect(no).rejects.toMatchObject({ code: 'NOT_CONFIRMED' });
    expect((await network.chain.lease(lease))?.status).toBe('Active');

    const yes: [string, string] = ['Deposit 8.2 HAM and open the dispute? [y/N]', 'yes'];
    const opened = await types('alice', ['open', id, '--claim', 'unreachable'], yes);
    expect(opened.unanswered).toEqual([]);
    expect(opened.saw).toContain('82 HAM of rent, and up to 82 HAM of the provider’s collateral');
    const [dispute] = await network.chain.disputes();
    const number = String(dispute?.id);
    expect(opened.printed).toContain(`Follow it with: hamster dispute show ${number} --watch`);
    const judges = (dispute?.panel ?? []).length;
    expect(judges).toBeGreaterThan(2);
    const again = types('alice', ['open', id, '--claim', 'other', '--yes']);
    await expect(again).rejects.toMatchObject({ code: 'DISPUTED_ALREADY' });

    const voters = ['dave', 'eve', 'ferdie'];
    const vote = ['commit', number, '--verdict', 'at-fault', '--unreachable', '--yes'];
    const committed = await Promise.all(voters.map((who) => types(who, vote)));
    expect(committed[0]?.printed).toContain('SHOW YOUR VOTE between');
    const secrets = join(directory, 'dave', 'votes');
    const [secret = ''] = await readdir(secrets);
    expect((await stat(join(secrets, secret))).mode & 0o777).toBe(0o600);
    await expect(types('bob', vote)).rejects.toMatchObject({ code: 'NOT_ON_PANEL' });
    expect((await types('dave', ['list'])).printed).toMatch(/judge +the machine cannot be reached +8.2 HAM/);

    const watching = types('alice', ['show', number, '--watch']);
    const shown = await Promise.all(voters.map((who) => types(who, ['reveal', number, '--wait'])));
    expect(shown[0]?.printed).toContain('is shown: the provider is at fault');
    expect(await readdir(secrets)).toEqual([]);
    const told = await watching;
    expect(told.printed).toContain('voting,');
    expect(told.printed).toContain('state    the provider is at fault');
    expect(told.printed).toContain('deposit  8.2 HAM came back');
    expect(told.printed).toContain('rent     82 HAM came back');
    expect(await network.chain.lease(lease)).toMatchObject({ status: 'Faulted', refunded: 82n * HAM });
    await expect(types('dave', ['reveal', number])).rejects.toMatchObject({ code: 'SHOWN_ALREADY' });
  });
});
