import type { ChainClient, Lease } from '@hamster/chain-client';
import {
  addConfigOptions,
  Command,
  configOf,
  DaemonError,
  defineBareConfig,
  devAccount,
  report,
  Type,
} from '@hamster/daemon';
import { anyPorts, eventually, LocalNetwork, runAppOrThrow, type CommandResult } from '@hamster/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseDriver, readyImage, type DriverChoice } from './local/driver.ts';
import { ham, moneyStory, pursesOf } from './local/money.ts';
import { Stopwatch } from './local/stopwatch.ts';

const config = defineBareConfig(
  'demo',
  Type.Object({
    driver: Type.Enum(['auto', 'process', 'libvirt'], {
      default: 'process',
      placeholder: 'kind',
      description: 'What is rented: an SSH server on this host, or a virtual machine',
    }),
    image: Type.String({
      default: 'tiny',
      placeholder: 'name',
      description: 'Guest image of the virtual machine',
    }),
  }),
);

const SPEC = { cores: 1, memoryMib: 512, diskGib: 1, hours: 2 };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('demo')
  .description(
    'Rents a machine on a local network, looks around in it by SSH, terminates it, follows the money',
  )
  .exitOverride();
addConfigOptions(program, config);

const interrupt = new AbortController();
process.once('SIGINT', () =>
  interrupt.abort(new DaemonError('INTERRUPTED', 'Interrupted.', { exitCode: 130 })),
);
process.once('SIGTERM', () =>
  interrupt.abort(new DaemonError('INTERRUPTED', 'Interrupted.', { exitCode: 130 })),
);

try {
  await program.parseAsync();
  const { driver, image } = await configOf(program, config, process.env);
  await demo(driver, image, interrupt.signal);
} catch (error) {
  process.exitCode = report(error);
}

async function demo(choice: DriverChoice, wanted: string, signal: AbortSignal): Promise<void> {
  const driver = await chooseDriver(choice);
  const image = await readyImage(driver, wanted, { signal, say });
  const directory = await mkdtemp(join(tmpdir(), 'hamster-demo-'));
  const network = new LocalNetwork({
    directory,
    driver,
    images: [image],
    ports: await anyPorts(),
    dapp: false,
  });
  const watch = new Stopwatch(say);
  try {
    await watch.step(`start the network (driver ${driver})`, () => network.start(signal));
    await tell(network, { image, watch, signal });
  } finally {
    await watch.step('stop the network', () => network.stop());
    await rm(directory, { recursive: true, force: true });
  }
  say(`\nSeconds of each step:\n${watch.table()}`);
}

interface Telling {
  readonly image: string;
  readonly watch: Stopwatch;
  readonly signal: AbortSignal;
}

async function tell(network: LocalNetwork, { image, watch, signal }: Telling): Promise<void> {
  const { chain } = network;
  const [renter, provider] = [(await devAccount('alice')).address, (await devAccount('bob')).address];
  const hamster = (...args: string[]): Promise<CommandResult> =>
    runAppOrThrow('client', clientArgs(network, args), { signal });
  const show = async (...args: string[]): Promise<void> => say((await hamster(...args)).stdout.trimEnd());

  await watch.step('look at the market', () => show('market'));
  const before = await pursesOf(chain, renter, provider);
  await watch.step('rent a machine: pay into escrow, wait until it answers', () =>
    show('rent', ...rentFlags(image), '--yes'),
  );
  const [lease] = await chain.leasesOf(renter);
  if (lease === undefined)
    throw new DaemonError('NO_LEASE', 'There is no lease although the command succeeded.');
  say(`   in escrow: ${ham(lease.escrow)}; host key on chain: ${lease.sshHostKey}`);
  await watch.step('log in through the gateway: uname -a; nproc; free -m', () =>
    show('ssh', String(lease.id), '--', 'uname -a; nproc; free -m'),
  );
  await watch.step('terminate the lease', () => show('terminate', String(lease.id), '--yes'));
  const closed = await eventually(chain, () => closedLease(chain, lease.id), {
    what: 'the lease is closed',
    signal,
  });
  say(`\nThe money:\n${moneyStory(before, await pursesOf(chain, renter, provider), closed)}`);
}

async function closedLease(chain: ChainClient, id: number): Promise<Lease | undefined> {
  const lease = await chain.lease(id);
  return lease?.closed === undefined ? undefined : lease;
}

function rentFlags(image: string): string[] {
  const { cores, memoryMib, diskGib, hours } = SPEC;
  return [
    ...['--cores', String(cores), '--memory', `${memoryMib}M`, '--disk', `${diskGib}G`],
    ...['--hours', String(hours), '--image', image],
  ];
}

function clientArgs({ options, rpcUrl }: LocalNetwork, args: readonly string[]): string[] {
  return ['--home', join(options.directory, 'client'), '--chain', rpcUrl, '--dev-account', 'alice', ...args];
}
