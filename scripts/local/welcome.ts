import type { LocalNetwork } from '@hamster/testing';

const NAMES = ['alice', 'bob', 'charlie', 'dave', 'eve', 'ferdie'];
const ROLES: Record<string, string> = {
  alice: 'renter; root of the chain',
  bob: 'provider',
  charlie: 'gateway',
};

/** How a person starts our command line from a clone. */
const HAMSTER = 'npx -y pnpm@12 hamster';

/** What a person needs to know of a network that has just started. */
export function welcome({ options, rpcUrl, dappUrl }: LocalNetwork, image: string): string {
  const { ports, driver, directory } = options;
  const rows: [string, string][] = [
    ['market', dappUrl],
    ['chain', `${rpcUrl} (JSON-RPC, also over HTTP)`],
    ['gateway', `127.0.0.1 port ${ports.gatewayTcp} (TCP) and ${ports.gatewayWebSocket} (WebSocket)`],
    ['machines', MACHINES[driver]],
    ['logs, state', directory],
    ...NAMES.map((name): [string, string] => [
      `//${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      `development account with 1,000,000 HAM${ROLES[name] === undefined ? '' : ` (${ROLES[name]})`}`,
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
  const account = '--dev-account alice';
  const rent = `rent --cores 1 --memory 512M --disk 1G --hours 2 --image ${image} --yes`;
  const commands = [
    `${HAMSTER} ${account} market`,
    `${HAMSTER} ${account} ${rent}`,
    `${HAMSTER} ${account} ssh 1`,
  ];
  return `
Hamster is running on this host. Ctrl-C ends it and leaves nothing behind.

${table}

Try, in another terminal:

${commands.map((command) => `  ${command}`).join('\n')}

`;
}

const MACHINES = {
  process:
    'SSH servers on this very host, NOT isolated: for development only (--driver libvirt for real ones)',
  libvirt: 'virtual machines through libvirt',
};
