import { DaemonError, defineHomelessConfig, runDaemon, Type } from '@hamster/daemon';
import { LocalNetwork, wellKnownPorts } from '@hamster/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseDriver, readyImage } from './local/driver.ts';
import { welcome } from './local/welcome.ts';

const config = defineHomelessConfig(
  'dev',
  Type.Object({
    logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      default: 'warn',
      placeholder: 'level',
      description: 'The least important messages of this command itself; the daemons log to files',
    }),
    driver: Type.Enum(['auto', 'process', 'libvirt'], {
      default: 'auto',
      placeholder: 'kind',
      description:
        'What rented machines are; auto: virtual machines where libvirt answers and this process may change links (CAP_NET_ADMIN), else SSH servers on this host',
    }),
    image: Type.String({
      default: 'tiny',
      placeholder: 'name',
      description: 'Guest image of the virtual machines',
    }),
  }),
);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runDaemon({
  name: 'dev',
  description: 'A whole Hamster network on this host: chain, gateway, provider, market page',
  version: '0.1.0',
  config,
  stopDeadlineMs: 60_000,
  startDeadlineMs: 15 * 60_000,
  async start({ config: { driver: choice, image: wanted }, lifecycle }) {
    const { image, network } = await lifecycle.start({
      name: 'network',
      async start({ signal, fail }) {
        const ports = await wellKnownPorts();
        const driver = await chooseDriver(choice);
        const ready = await readyImage(driver, wanted, { signal, say });
        const directory = await mkdtemp(join(tmpdir(), 'hamster-dev-'));
        const onProgress = (what: string): void => say(`starting ${what}`);
        const local = new LocalNetwork({ directory, driver, images: [ready], ports, dapp: true, onProgress });
        await local.start(signal);
        void local
          .firstToEnd()
          .then(({ name, tail }) =>
            fail(new DaemonError('PART_ENDED', `${name} ended by itself. Its last lines:\n${tail}`)),
          );
        return { image: ready, network: local };
      },
      async stop({ network: local }) {
        await local.stop();
        await rm(local.options.directory, { recursive: true, force: true });
      },
    });
    say(welcome(network, image));
  },
});
