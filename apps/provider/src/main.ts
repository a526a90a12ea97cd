import {
  accountCommand,
  configOf,
  DaemonError,
  keystoreIn,
  processTerminal,
  runDaemon,
} from '@hamster/daemon';
import { LogTail } from '@hamster/daemon-api';
import { addDoctorCommand } from './commands/doctor.ts';
import { addImageCommands } from './commands/images.ts';
import { addMachineCommands } from './commands/machines.ts';
import { addMoneyCommands } from './commands/money.ts';
import { addOfferCommands } from './commands/offer.ts';
import { addSelfTestCommand } from './commands/self-test.ts';
import { config } from './config.ts';
import { start } from './start.ts';
import { VERSION } from './version.ts';

const logs = new LogTail();

await runDaemon({
  name: 'hamster-provider',
  description: 'Rents out this machine: builds what renters order, keeps it running, is paid by the hour',
  version: VERSION,
  config,
  start: (context) => start(context, logs),
  onLog: logs.push,
  commands(program) {
    const settings = () => configOf(program, config, process.env);
    program.addCommand(
      accountCommand(async () => {
        const { home, passphraseFile } = await settings();
        const passphrase = { file: passphraseFile, env: process.env, terminal: processTerminal() };
        return { keystore: keystoreIn(home), passphrase, json: false };
      }),
    );
    addImageCommands(program, interrupted());
    addSelfTestCommand(program, settings);
    addMachineCommands(program, settings);
    addOfferCommands(program, settings);
    addMoneyCommands(program, settings);
    addDoctorCommand(program, settings);
  },
  stopDeadlineMs: 20_000,
  // A self-test that boots, and images that are hashed, take their time on a slow host.
  startDeadlineMs: 120_000,
});

/** Aborts on Ctrl-C, so that a build cleans up after itself. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  const abort = (): void =>
    controller.abort(new DaemonError('INTERRUPTED', 'Stopped; nothing was kept.', { exitCode: 130 }));
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  return controller.signal;
}
