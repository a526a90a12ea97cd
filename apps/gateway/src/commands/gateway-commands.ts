import { connect } from '@hamster/chain-client';
import { openAccount, printLine, type Command } from '@hamster/daemon';
import { loadOrCreateIdentity } from '@hamster/p2p/identity';
import { createSwarmKey } from '@hamster/p2p';
import { join } from 'node:path';
import type { GatewayChain } from '../chain/gateway-chain.ts';
import { rpcGatewayChain } from '../chain/rpc-gateway-chain.ts';
import { checkConfig } from '../check-config.ts';
import { stakeOf, type Config } from '../config.ts';
import { entryAddresses } from '../registration/entry-addresses.ts';
import { claim, offline, register, reset, withdraw, type Action } from './actions.ts';
import { statusLines } from './status.ts';

interface ChainHandle {
  readonly chain: GatewayChain;
  readonly address: string;
  readonly chainType: string;
  readonly signal: AbortSignal;
}

type Run = (handle: ChainHandle) => Promise<string[]>;

/** Longer than a transaction may take. */
const COMMAND_MS = 120_000;
const CONNECT_MS = 15_000;

/** Adds what an operator does on chain by hand. The daemon need not run; it does the same by itself. */
export function addGatewayCommands(program: Command, settings: () => Promise<Config>): void {
  const add = (name: string, description: string, run: Run): void => {
    program
      .command(name)
      .description(description)
      .action(async () => {
        for (const line of await withChain(await settings(), run)) printLine(line);
      });
  };
  const act = (name: string, description: string, action: Action): void =>
    add(name, description, ({ chain, signal }) => action(chain, signal));

  add('status', 'how the gateway stands on chain: stake, heartbeat, rewards', ({ chain, address, signal }) =>
    statusLines(chain, address, signal),
  );
  act('claim', 'get the rewards of all eras that have ended', claim);
  add('register', 'put the gateway on chain with its stake, or bring it online again', async (handle) => {
    const entry = await entryOf(await settings(), handle.chainType);
    return register(entry)(handle.chain, handle.signal);
  });
  act('offline', 'leave: clients see the gateway no more, its stake unbonds', offline);
  act('reset', 'bring the gateway back after it was dropped for its silence', reset);
  program
    .command('swarm-key')
    .description('make the key of a new private network, for --swarm-key of every host in it')
    .argument('<file>', 'where to write it; never over a file that is there')
    .action(async (file: string) => {
      await createSwarmKey(file);
      printLine(
        `Made ${file}. Copy it to every host of the private network, and start each with --swarm-key ${file}.`,
      );
    });
  act('withdraw', 'make unbonded stake free money again', withdraw);
}

async function withChain(config: Config, run: Run): Promise<string[]> {
  checkConfig(config);
  const client = await connect(config.chain, { timeoutMs: CONNECT_MS });
  try {
    const account = await openAccount(config, client.chain.type);
    const chain = rpcGatewayChain(async () => client, account);
    const signal = AbortSignal.timeout(COMMAND_MS);
    return await run({ chain, address: account.address, chainType: client.chain.type, signal });
  } finally {
    await client.close();
  }
}

async function entryOf(config: Config, chainType: string) {
  const { peerId } = await loadOrCreateIdentity(join(config.home, 'peer.key'));
  const { announce, listen, region } = config;
  const multiaddrs = entryAddresses({ announce, listening: listen, chainType });
  return { peerId, multiaddrs, region, stake: stakeOf(config) };
}
