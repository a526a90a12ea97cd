import { accountCommand, configOf, keystoreIn, processTerminal, runDaemon } from '@hamster/daemon';
import { config } from './config.ts';
import { start } from './start.ts';

await runDaemon({
  name: 'hamster-gateway',
  description: 'Connects renters with machines that have no public address: a relay on a public host',
  version: '0.1.0',
  config,
  start,
  stopDeadlineMs: 30_000,
  commands(program) {
    program.addCommand(
      accountCommand(async () => {
        const { home, passphraseFile } = await configOf(program, config, process.env);
        const passphrase = { file: passphraseFile, env: process.env, terminal: processTerminal() };
        return { keystore: keystoreIn(home), passphrase, json: false };
      }),
    );
  },
});
