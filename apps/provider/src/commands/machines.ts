import { DaemonError, EXIT_USAGE, harmlessJson, printLine } from '@hamster/daemon';
import type { Command } from '@hamster/daemon';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { openDriver } from '../driver.ts';
import { lockMachines } from '../machines-lock.ts';

/** Adds `machines list|purge`: what this daemon keeps on the host, also when the chain is away. */
export function addMachineCommands(program: Command, settings: () => Promise<Config>): void {
  const machines = program
    .command('machines')
    .description('The machines on this host, without asking the chain');
  machines
    .command('list')
    .description('Machines of every chain that this daemon has served')
    .action(async () => {
      await eachDriver(await settings(), async (driver) => {
        for (const machine of await driver.list()) printLine(harmlessJson(JSON.stringify(machine)));
      });
    });
  machines
    .command('purge')
    .description('Destroy all of them and wipe their disks, whoever has paid for them')
    .option('--yes', 'do not ask; live leases end as faults and cost the collateral')
    .action(async (options: { readonly yes?: boolean }) => {
      if (options.yes !== true) throw notConfirmed();
      await purgeMachines(await settings());
    });
}

/** Throws `MACHINES_IN_USE` while a daemon has them, which would make them again. */
export async function purgeMachines(config: Config): Promise<void> {
  await eachDriver(config, async (driver, genesisHash) => {
    const lock = await lockMachines(config, genesisHash);
    for (const { leaseId } of await driver.list()) {
      await driver.destroy(leaseId);
      printLine(`destroyed the machine of lease ${leaseId}`);
    }
    // Those that nobody has ordered yet are not in the list.
    await driver.prepare?.([]);
    await lock?.release();
  });
}

type Driver = ReturnType<typeof openDriver>;

async function eachDriver(
  config: Config,
  act: (driver: Driver, genesisHash: string) => Promise<void>,
): Promise<void> {
  for (const genesis of await chainsOf(config.home)) {
    // Which chains a driver may serve is checked when it serves; here it only cleans up.
    const genesisHash = `0x${genesis}`;
    const driver = openDriver(config, { genesisHash, type: 'Development' });
    try {
      await act(driver, genesisHash);
    } finally {
      await driver.close();
    }
  }
}

async function chainsOf(home: string): Promise<string[]> {
  try {
    return await readdir(join(home, 'chains'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function notConfirmed(): DaemonError {
  return new DaemonError(
    'NOT_CONFIRMED',
    'Nothing was destroyed. Live leases would end as faults and cost your collateral; add --yes if that is what you want.',
    { exitCode: EXIT_USAGE },
  );
}
