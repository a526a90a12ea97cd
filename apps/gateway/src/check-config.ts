import { DaemonError, EXIT_USAGE } from '@hamster/daemon';
import type { Config } from './config.ts';

/** The transports that a gateway has. */
const ADDRESS = /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}(\/ws|\/wss|\/tls\/ws)?$/;

const SECURE = /\/(wss|tls\/ws)$/;

/** What the schema cannot say of the settings. Throws `SETTING_INVALID`. */
export function checkConfig({
  chain,
  listen,
  announce,
  tls,
}: Pick<Config, 'chain' | 'listen' | 'announce' | 'tls'>): void {
  if (!/^wss?:\/\/[^/]/.test(chain)) {
    throw invalid('chain', chain, 'no address of a node; it begins with ws:// or wss://');
  }
  checkTls(listen, tls);
  for (const address of listen) {
    if (!ADDRESS.test(address)) {
      throw invalid(
        'listen',
        address,
        'no address to listen on; write it as /ip4/0.0.0.0/tcp/4001, for browsers with /ws behind',
      );
    }
  }
  for (const address of announce) {
    if (!ADDRESS.test(address)) {
      throw invalid(
        'announce',
        address,
        'no address that can be announced; write it as /ip4/203.0.113.7/tcp/4001 or /dns4/relay.example/tcp/443/tls/ws',
      );
    }
  }
}

function checkTls(listen: readonly string[], { cert, key }: Config['tls']): void {
  const secure = listen.find((address) => SECURE.test(address));
  if (secure !== undefined && (cert === undefined || key === undefined)) {
    throw invalid('listen', secure, 'for TLS, which needs --tls-cert and --tls-key');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw invalid(
      cert === undefined ? 'tls-key' : 'tls-cert',
      cert ?? key ?? '',
      'half of a pair; give --tls-cert and --tls-key together',
    );
  }
}

function invalid(setting: string, value: string, what: string): DaemonError {
  return new DaemonError('SETTING_INVALID', `--${setting}: "${value}" is ${what}.`, { exitCode: EXIT_USAGE });
}
