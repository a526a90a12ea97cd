import { PassThrough } from 'node:stream';
import { Keystore } from '@hamster/daemon';
import type { Context } from '../../src/cli/context.ts';
import type { Settings } from '../../src/cli/settings.ts';

const unused = (): never => {
  throw new TypeError('this test has no chain and no account');
};

/** A context without chain and account, that prints into nothing. */
export function fakeContext(settings: Partial<Settings> & { home: string }): Context {
  const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
  return {
    terminal,
    env: {},
    signal: new AbortController().signal,
    leaveInterrupts: () => () => undefined,
    self: ['/usr/bin/node', '/opt/hamster/main.ts'],
    version: '0',
    settings: { chain: 'ws://127.0.0.1:9944', json: false, ...settings },
    keystore: new Keystore(settings.home),
    passphrase: { terminal, env: {} },
    chain: unused,
    account: unused,
    print: () => undefined,
    tell: () => undefined,
  };
}
