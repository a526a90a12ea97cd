import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { devAccount } from '@hamster/daemon';
import { anyPorts, LocalNetwork } from '@hamster/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '@hamster/chain-client';
import { newPerson } from '../test/support/cli.ts';
import type { Person } from '../test/support/cli.ts';
import { personAtTerminal } from '../test/support/terminal.ts';

const HAM = 10n ** 12n;
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrm9lnQuvUeXJ60Y9trqXn5FOhM7Vhza9YGyYqXrDc1';
const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const WANTED = ['--cores', '1', '--memory', '512M', '--disk', '5', '--hours', '2', '--image', 'debian-13'];

/** A chain of its own, on which the test plays the provider. */
describe('renting by the command line', { timeout: 120_000 }, () => {
  let directory: string;
  let network: LocalNetwork;
  let alice: Person;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-rent-'));
    network = new LocalNetwork({
      directory,
      driver: 'process',
      images: [],
      ports: await anyPorts(),
      dapp: false,
    });
    await network.startNode(new AbortController().signal);
    alice = await newPerson(['--chain', network.rpcUrl, '--dev-account', 'alice']);
    await offerMachine();
  }, 120_000);
  afterAll(async () => {
    await alice.leave();
    await network.stop();
    await rm(directory, { recursive: true });
  });

  async function offerMachine(): Promise<void> {
    const { chain } = network;
    const bob = await devAccount('bob');
    const resource = {
      peerId: PEER,
      capacity: { cpuCores: 4, memoryMib: 8192, diskGib: 100 },
      prices: { cpuCoreHour: HAM, memoryGibHour: HAM, diskGibHour: HAM / 10n },
      availableUntil: Date.now() + 86_400_000,
      images: ['debian-13', 'ubuntu-26.04'],
      virtualization: 'Kvm' as const,
      cpuModel: 'cpu',
      region: 'eu-west',
    };
    await Promise.all([
      chain.submit(chain.calls.provider.stake(100n * HAM), bob),
      chain.submit(chain.calls.provider.registerResource(resource), bob),
    ]);
  }

  /** The provider's answer to the next order that comes. */
  async function answer(how: 'accept' | 'reject'): Promise<number> {
    const { chain } = network;
    const bob = await devAccount('bob');
    const arrived = Promise.withResolvers<Order>();
    const stop = await chain.watchHeads(() => {
      void chain.ordersOfProvider(bob.address).then((orders) => {
        const pending = orders.find(({ status }) => status === 'Pending');
        if (pending) arrived.resolve(pending);
      });
    });
    const { id } = await arrived.promise;
    stop();
    const { acceptOrder, rejectOrder } = chain.calls.resourceOrder;
    await chain.submit(
      how === 'accept' ? acceptOrder(id, HOST_KEY) : rejectOrder(id, 'the disk is broken'),
      bob,
    );
    return id;
  }

  it('shows the market, the price, and why nothing fits', async () => {
    const market = await alice.hamster(['market', '--cores', '2', '--region', 'eu-west']);
    expect(market.stdout).toMatch(/^ID +CORES.*\n 1 +4 +8 GiB +100 GiB +3.1 HAM +kvm +eu-west/);
    const nothing = await alice.hamster(['market', '--cores', '8', '--image', 'arch', '--max-price', '0.5']);
    expect(nothing.stdout).toContain('1 has 4 cores free; offers debian-13, ubuntu-26.04 only; costs more');
    const quote = await alice.hamster(['quote', '1', ...WANTED.slice(0, 8), '--json']);
    expect(JSON.parse(quote.stdout)).toMatchObject({
      perHour: String(2n * HAM),
      total: String(4n * HAM),
      hours: 2,
    });
  });

  it('lesson 24: pays nothing without a yes, and says what is missing', async () => {
    const unsaid = await alice.hamster(['rent', '1', ...WANTED]);
    expect(unsaid).toMatchObject({ code: 2, stdout: '' });
    expect(unsaid.stderr).toContain('in all    4 HAM for 2 h, 20 min');
    expect(unsaid.stderr).toContain('add --yes');
    const missing = await alice.hamster(['rent', '--cores', '1', '--yes']);
    expect(missing.stderr).toContain('--memory, --disk, --hours missing');
    const image = await alice.hamster(['rent', '1', ...WANTED.slice(0, 8), '--yes']);
    expect(image).toMatchObject({ code: 2 });
    expect(image.stderr).toContain('--image: debian-13, ubuntu-26.04');
    expect(await network.chain.ordersOf((await devAccount('alice')).address)).toEqual([]);
  });

  it('waits for the machine, extends it, and ends it with what came back', async () => {
    const renting = alice.hamster(['rent', ...WANTED, '--yes']);
    const [id, rented] = await Promise.all([answer('accept'), renting]);
    expect(rented).toMatchObject({ code: 0 });
    expect(rented.stdout).toContain(`Log in with: hamster ssh ${id}`);
    const lease = await network.chain.lease(id);
    expect(lease).toMatchObject({ status: 'Active', escrow: 4n * HAM, image: 'debian-13' });
    expect(await readFile(join(alice.home, '.hamster/ssh/id_ed25519.pub'), 'utf8')).toContain(
      lease?.sshPublicKey,
    );
    expect((await alice.hamster(['extend', String(id), '--hours', '1', '--yes'])).code).toBe(0);
    const listed = await alice.hamster(['leases']);
    expect(listed.stdout).toMatch(new RegExp(`^LEASE.*\\n +${id} +active +29 min`));
    const ended = await alice.hamster(['terminate', String(id), '--yes', '--json']);
    const { paid, refunded } = JSON.parse(ended.stdout) as { paid: string; refunded: string };
    expect(BigInt(paid) + BigInt(refunded)).toBe(6n * HAM);
    expect((await alice.hamster(['leases'])).stdout).toContain('at present');
    expect((await alice.hamster(['leases', '--all'])).stdout).toContain('The renter ended it early.');
    const late = await alice.hamster(['ssh', String(id)]);
    expect(late).toMatchObject({ code: 4 });
    expect(late.stderr).toContain('The renter ended it early.');
  });

  it('tells the provider’s reason, and that the money is back', async () => {
    const renting = alice.hamster(['rent', '1', ...WANTED, '--yes']);
    const [id, { code, stderr }] = await Promise.all([answer('reject'), renting]);
    expect(code).toBe(3);
    expect(stderr).toContain(`The provider rejected order ${id}: the disk is broken. 4 HAM came back.`);
    expect((await alice.hamster(['ssh', String(id)])).stderr).toContain('was rejected by the provider');
  });

  it('lets an account of one’s own rent, with its passphrase in a file', async () => {
    const file = join(directory, 'passphrase');
    await writeFile(file, 'correct horse\n');
    const own = await newPerson(['--chain', network.rpcUrl, '--passphrase-file', file]);
    expect((await own.hamster(['rent', '1', ...WANTED, '--yes'])).stderr).toContain(
      'There is no account yet.',
    );
    const { address } = JSON.parse((await own.hamster(['account', 'create', 'me', '--json'])).stdout) as {
      address: string;
    };
    const poor = await own.hamster(['rent', '1', ...WANTED, '--yes']);
    expect(poor.stderr).toContain('The account has 0 HAM to spend, which is not enough.');
    expect((await alice.hamster(['send', address, '10', '--yes'])).stdout).toBe(
      `Sent 10 HAM to ${address}.\n`,
    );
    const renting = own.hamster(['rent', '1', ...WANTED, '--yes']);
    const [id, { code }] = await Promise.all([answer('accept'), renting]);
    expect(code).toBe(0);
    expect((await own.hamster(['account', 'balance'])).stdout).toContain('held  4 HAM');
    const other = await alice.hamster(['terminate', String(id), '--yes']);
    expect(other).toMatchObject({ code: 4 });
    expect(other.stderr).toContain(`is rented by ${address}, not by your account`);
    expect((await own.hamster(['ssh', String(id)])).stderr).toContain('No gateway is online');
    await own.leave();
  });

  it('asks a person for what is missing, and takes no for an answer', async () => {
    const person = personAtTerminal([
      '--chain',
      network.rpcUrl,
      '--dev-account',
      'alice',
      '--home',
      directory,
    ]);
    person.answers('How many cores? [1]', 'two');
    person.answers('How many cores? [1]', '2');
    person.answers('How much memory? [1G]', '');
    person.answers('How much disk? [10G]', '5');
    person.answers('For how many hours? [1]', '1');
    person.answers('Which operating system (debian-13, ubuntu-26.04)? [debian-13]', '');
    person.answers('Put 3.5 HAM into escrow? [y/N]', 'n');
    await expect(person.types(['rent'])).rejects.toMatchObject({ code: 'NOT_CONFIRMED', exitCode: 1 });
    expect(person.unanswered()).toEqual([]);
  });

  it('leaves the order to its own when a person stops waiting, and says how to withdraw it', async () => {
    const person = personAtTerminal([
      '--chain',
      network.rpcUrl,
      '--dev-account',
      'alice',
      '--home',
      directory,
    ]);
    person.answers('Put 4 HAM into escrow? [y/N]', 'yes');
    person.interruptsAt('the machine is being made');
    await expect(person.types(['rent', '1', ...WANTED])).rejects.toThrow('Stopped.');
    const id = /Withdraw it with: hamster cancel (\d+)/.exec(person.saw())?.[1] ?? 'none';
    expect((await alice.hamster(['orders'])).stdout).toMatch(new RegExp(`\\n +${id} +pending, 4 min`));
    expect((await alice.hamster(['cancel', id])).stdout).toBe(`Order ${id} is withdrawn; 4 HAM came back.\n`);
  });
});
