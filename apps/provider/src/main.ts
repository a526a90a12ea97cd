import { accountCommand, configOf, keystoreIn, processTerminal, runDaemon } from '@hamster/daemon';
import { addMachineCommands } from './commands/machines.ts';
import { config } from './config.ts';
import { start } from './start.ts';

await runDaemon({
  name: 'hamster-provider',
  description: 'Rents out this machine: builds what renters order, keeps it running, is paid by the hour',
  version: '0.1.0',
  config,
  start,
  commands(program) {
    const settings = () => configOf(program, config, process.env);
    program.addCommand(
      accountCommand(async () => {
        const { home, passphraseFile } = await settings();
        const passphrase = { file: passphraseFile, env: process.env, terminal: processTerminal() };
        return { keystore: keystoreIn(home), passphrase, json: false };
      }),
    );
    addMachineCommands(program, settings);
  },
  stopDeadlineMs: 20_000,
});
