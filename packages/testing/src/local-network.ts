import { connect, type ChainClient } from '@hamster/chain-client';
import { retry } from '@hamster/daemon';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { appMain, ROOT, type AppName } from './apps.ts';
import { ManagedProcess } from './managed-process.ts';
import type { NetworkOptions } from './network-options.ts';
import { runApp } from './run-command.ts';

const LOOPBACK = '127.0.0.1';
const STARTED_MS = 90_000;
const READY_MS = 90_000;
/** What every daemon logs when all of its services have started. */
const READY = / ready$/;

type Part = 'node' | 'gateway' | 'provider' | 'dapp';

/**
 * A whole network of real processes on this host: chain (//Alice is root), gateway (//Charlie), provider (//Bob), market page.
 * `stop` ends them in reverse order and destroys the machines.
 */
export class LocalNetwork {
  readonly options: NetworkOptions;
  readonly #processes = new Map<Part, ManagedProcess>();
  #chain: ChainClient | undefined;

  constructor(options: NetworkOptions) {
    this.options = options;
  }

  get rpcUrl(): string {
    return `ws://${LOOPBACK}:${this.options.ports.rpc}`;
  }

  get dappUrl(): string {
    return `http://${LOOPBACK}:${this.options.ports.dapp}/`;
  }

  /** A client of the network's own chain, for looking at it. */
  get chain(): ChainClient {
    if (this.#chain === undefined) throw new TypeError('The network has not been started');
    return this.#chain;
  }

  /** Starts everything and waits until there is something to rent. A start that fails undoes itself. */
  async start(signal: AbortSignal): Promise<void> {
    try {
      await mkdir(this.options.directory, { recursive: true, mode: 0o700 });
      await this.startNode(signal);
      await this.startGateway(signal);
      if (this.options.dapp) this.#startDapp();
      await this.startProvider(signal);
    } catch (error) {
      const further = await this.stop().then(
        () => [],
        (problem: unknown) => [problem],
      );
      // What failed first is what anybody wants to know, though undoing it fails as well.
      throw further.length === 0 ? error : new AggregateError([error, ...further], String(error));
    }
  }

  /**
   * @param basePath folder of the chain's data, below the network's own.
   * @param env of this start alone.
   */
  async startNode(signal: AbortSignal, basePath = 'node', env?: NodeJS.ProcessEnv): Promise<void> {
    this.#say('the chain');
    const { directory, ports, chainSpec, nodeFlags = [] } = this.options;
    const args = [
      ...(chainSpec === undefined ? ['--dev'] : ownChain(chainSpec)),
      ...['--base-path', join(directory, basePath)],
      ...['--rpc-port', String(ports.rpc)],
      ...nodeFlags,
    ];
    const node = this.#spawn('node', args, env);
    const patience = AbortSignal.any([signal, AbortSignal.timeout(STARTED_MS)]);
    this.#chain ??= await Promise.race([
      retry(() => connect(this.rpcUrl, { signal: patience }), { signal: patience, baseMs: 100, maxMs: 500 }),
      node.failOnExit(),
    ]);
  }

  async startGateway(signal: AbortSignal): Promise<void> {
    this.#say('the gateway');
    const { ports } = this.options;
    const gateway = this.#spawn('gateway', [
      ...this.#daemonFlags('gateway', 'charlie'),
      ...['--listen', `/ip4/${LOOPBACK}/tcp/${ports.gatewayTcp}`],
      ...['--listen', `/ip4/${LOOPBACK}/tcp/${ports.gatewayWebSocket}/ws`],
      ...['--region', 'local', '--api-port', '0'],
    ]);
    await gateway.printed(READY, within(signal));
  }

  /** @param further flags of this start alone, as is `env`. */
  async startProvider(
    signal: AbortSignal,
    further: readonly string[] = [],
    env?: NodeJS.ProcessEnv,
  ): Promise<void> {
    this.#say('the provider');
    const { driver, images, providerFlags = [] } = this.options;
    const args = [
      ...this.#daemonFlags('provider', 'bob'),
      ...['--driver', driver, '--allow-emulation'],
      ...images.flatMap((image) => ['--images', image]),
      ...['--listen', `/ip4/${LOOPBACK}/tcp/0`, '--offer-region', 'local'],
      ...['--api-port', '0'],
      ...providerFlags,
      ...further,
    ];
    const provider = this.#spawn('provider', args, env);
    await provider.printed(READY, within(signal));
  }

  /** A running part, for pulling its plug. */
  part(name: Part): ManagedProcess {
    const found = this.#processes.get(name);
    if (found === undefined) throw new TypeError(`${name} has not been started`);
    return found;
  }

  /** Resolves with the first part that ends by itself. */
  async firstToEnd(): Promise<ManagedProcess> {
    return Promise.race(
      [...this.#processes.values()].map(async (process) => {
        await process.exited;
        return process;
      }),
    );
  }

  /** Ends every process in reverse order, and destroys the machines that were rented. Throws what failed first, after all was tried. */
  async stop(): Promise<void> {
    const problems: unknown[] = [];
    const tried = (work?: Promise<unknown>): Promise<unknown> | undefined =>
      work?.catch((problem: unknown) => problems.push(problem));
    await tried(this.#chain?.close());
    for (const [name, process] of [...this.#processes].reverse()) {
      await tried(process.stop());
      this.#processes.delete(name);
      if (name === 'provider') await tried(this.#purgeMachines());
    }
    if (problems.length > 0) throw problems[0];
  }

  async #purgeMachines(): Promise<void> {
    const home = join(this.options.directory, 'provider');
    const args = ['--home', home, '--driver', this.options.driver, 'machines', 'purge', '--yes'];
    await runApp('provider', args, { signal: AbortSignal.timeout(STARTED_MS) });
  }

  #startDapp(): void {
    this.#say('the market page');
    const app = join(ROOT, 'apps/dapp');
    const vite = join(
      dirname(createRequire(join(app, 'package.json')).resolve('vite/package.json')),
      'bin/vite.js',
    );
    this.#launch('dapp', {
      args: [
        vite,
        '--host',
        LOOPBACK,
        '--port',
        String(this.options.ports.dapp),
        '--strictPort',
        '--clearScreen=false',
      ],
      cwd: app,
      env: { VITE_HAMSTER_RPC: this.rpcUrl },
    });
  }

  #daemonFlags(name: 'gateway' | 'provider', account: string): string[] {
    const { directory, swarmKey } = this.options;
    return [
      ...['--home', join(directory, name), '--chain', this.rpcUrl, '--dev-account', account],
      ...(swarmKey === undefined ? [] : ['--swarm-key', swarmKey]),
    ];
  }

  #spawn(app: AppName & Part, args: readonly string[], env?: NodeJS.ProcessEnv): ManagedProcess {
    return this.#launch(app, { args: [appMain(app), ...args], cwd: ROOT, ...(env && { env }) });
  }

  #launch(
    name: Part,
    {
      args,
      cwd,
      env,
    }: { readonly args: readonly string[]; readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
  ): ManagedProcess {
    const logFile = join(this.options.directory, `${name}.log`);
    const process_ = new ManagedProcess({
      name,
      command: process.execPath,
      args,
      cwd,
      logFile,
      ...(env && { env }),
    });
    this.#processes.set(name, process_);
    return process_;
  }

  #say(what: string): void {
    this.options.onProgress?.(what);
  }
}

/** As `--dev` does: with public keys, for this machine alone. */
const ownChain = (chainSpec: string): string[] => [
  ...['--chain', chainSpec, '--alice'],
  ...['--listen-addr', `/ip4/${LOOPBACK}/tcp/0`],
];

function within(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
}
