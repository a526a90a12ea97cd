import { connect, type ChainClient } from '@hamster/chain-client';
import { DaemonError, devAccount, keystoreIn, harmlessJson, printLine, type Command } from '@hamster/daemon';
import { runningDaemon, type RunningDaemon } from '@hamster/daemon-api';
import { createIdentity, loadOrCreateIdentity } from '@hamster/p2p';
import { access } from 'node:fs/promises';
import type { Config } from '../config.ts';
import type { Check } from '../doctor/check.ts';
import { diagnose } from '../doctor/diagnose.ts';
import type { Facts, Found } from '../doctor/facts.ts';
import { attempt, gatherFacts } from '../doctor/gather.ts';
import { openDriver } from '../driver.ts';
import { peerKeyIn } from '../home.ts';
import type { ToldPulse } from '../pulse.ts';
import { wholeImages } from '../whole-images.ts';

type Driver = ReturnType<typeof openDriver>;

const CONNECT_MS = 8_000;
/** A self-test may boot a machine, and images are read whole. */
const DEADLINE_MS = 180_000;
const MARKS = { ok: 'ok   ', note: 'note ', stops: 'STOPS' } as const;

/** Adds `doctor`: why orders come or do not, whether the daemon runs or not. It changes nothing. */
export function addDoctorCommand(program: Command, settings: () => Promise<Config>): void {
  program
    .command('doctor')
    .description('Find out why no orders come; exit code 1 when something keeps them away')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await examine(await settings());
      const stopping = checks.filter(({ verdict }) => verdict === 'stops').length;
      if (json === true) printLine(harmlessJson(JSON.stringify({ open: stopping === 0, checks })));
      else checks.forEach(({ name, verdict, detail }) => printLine(`${MARKS[verdict]}  ${name}: ${detail}`));
      if (stopping > 0) throw stopped(stopping);
      if (json !== true) printLine('\nNothing keeps orders away.');
    });
}

async function examine(config: Config): Promise<Check[]> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const client = await attempt(() => connect(config.chain, { timeoutMs: CONNECT_MS, signal }));
  try {
    return await withDriver(config, client, (driver) => examineWith(config, client, driver, signal));
  } finally {
    if ('value' in client) await client.value.close();
  }
}

async function withDriver<T>(
  config: Config,
  client: Found<ChainClient>,
  work: (driver: Driver) => Promise<T>,
): Promise<T> {
  // Which chains a driver may serve is checked when it serves; here it is only looked at.
  const genesisHash = 'value' in client ? client.value.chain.genesisHash : `0x${'00'.repeat(32)}`;
  const driver = openDriver(config, { genesisHash, type: 'Development' });
  try {
    return await work(driver);
  } finally {
    await driver.close();
  }
}

async function examineWith(
  config: Config,
  client: Found<ChainClient>,
  driver: Driver,
  signal: AbortSignal,
): Promise<Check[]> {
  const daemon = await runningDaemon(config.home, signal);
  const [account, peerId, selfTest, pulse] = await Promise.all([
    attempt(() => addressOf(config)),
    peerIdOf(config),
    daemon === undefined ? attempt(() => driver.selfTest(signal)) : selfTestOf(daemon),
    daemon && pulseOf(daemon),
  ]);
  const images = (): Promise<string[]> => wholeImages(driver, signal);
  const { home, swarmKey } = config;
  const found = {
    account,
    peerId,
    client,
    driver,
    images,
    selfTest,
    daemon: pulse,
    home,
    swarmKey,
    now: Date.now,
  };
  return diagnose(await gatherFacts(found, signal));
}

/** The address alone, which needs no passphrase. */
async function addressOf({ home, account, devAccount: known }: Config): Promise<string> {
  if (known !== undefined) return (await devAccount(known)).address;
  if (account !== undefined) return (await keystoreIn(home).find(account)).address;
  throw new DaemonError('ACCOUNT_MISSING', 'No account is set: give --account <name>, as to the daemon.');
}

/** A daemon that never ran has no key yet, and none is made for looking. */
async function peerIdOf({ home }: Config): Promise<string> {
  const path = peerKeyIn(home);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return (await (there ? loadOrCreateIdentity(path) : createIdentity())).peerId;
}

async function selfTestOf(daemon: RunningDaemon): Promise<Facts['selfTest']> {
  const { last } = (await daemon.ask('GET', '/self-test')) as { last?: LastSelfTest };
  if (last === undefined) return undefined;
  return last.error === undefined ? { value: last } : { trouble: last.error };
}

type LastSelfTest = Extract<NonNullable<Facts['selfTest']>, { value: unknown }>['value'] & { error?: string };

async function pulseOf(daemon: RunningDaemon): Promise<ToldPulse> {
  return ((await daemon.ask('GET', '/status')) as { pulse: ToldPulse }).pulse;
}

function stopped(count: number): DaemonError {
  const things = count === 1 ? 'One thing keeps' : `${count} things keep`;
  return new DaemonError('ORDERS_STOPPED', `${things} orders away: mend what is marked STOPS.`);
}
