import { DaemonError, printLine, type Command } from '@hamster/daemon';
import type { Config } from '../config.ts';
import { openDriver } from '../driver.ts';

const NO_CHAIN = { genesisHash: `0x${'00'.repeat(32)}`, type: 'Development' };

/** Adds `self-test`: whether this host can serve, what it can offer, and what to change. */
export function addSelfTestCommand(program: Command, settings: () => Promise<Config>): void {
  program
    .command('self-test')
    .description('Find out whether this host can serve, without a chain')
    .action(async () => {
      const driver = openDriver(await settings(), NO_CHAIN);
      try {
        const { passed, checks } = await driver.selfTest();
        for (const check of checks) printLine(`${mark(check)}  ${check.name}: ${check.detail}`);
        if (!passed) throw unfit();
        const { cpuCores, memoryMib, diskGib, virtualization, cpuModel } = await driver.capacity();
        printLine(
          `ok     ${virtualization} on ${cpuModel}: ${cpuCores} cores, ${memoryMib} MiB memory, ${diskGib} GiB disk`,
        );
      } finally {
        await driver.close();
      }
    });
}

function mark({ passed, level }: { readonly passed: boolean; readonly level: string }): string {
  if (passed) return 'ok   ';
  return level === 'required' ? 'FAIL ' : 'note ';
}

function unfit(): DaemonError {
  return new DaemonError('HOST_UNFIT', 'This host cannot serve yet: mend what is marked FAIL above.');
}
