import { PassThrough } from 'node:stream';
import { addConfigOptions, Command } from '@hamster/daemon';
import { PeerError } from '@hamster/p2p';
import { expect, it } from 'vitest';
import { contextOf } from '../src/cli/context.ts';
import { settings } from '../src/cli/settings.ts';

it('what a provider says in a refusal, or anybody on chain, moves no cursor and colours no word', async () => {
  const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
  const signal = new AbortController().signal;
  const command = new Command('hamster').version('0');
  addConfigOptions(command, settings);
  const host = { terminal, env: {}, signal, leaveInterrupts: () => () => undefined, self: [] };
  const { context, release } = await contextOf(host, command);
  const hostile = new PeerError('LEASE_ENDED', 'Ended \u001b[31mred\u001b]0;title\u0007 \u202eback').message;
  context.tell(hostile);
  context.print(hostile);
  await release();
  for (const stream of [terminal.errors, terminal.output]) {
    expect(String(stream.read())).toBe('Ended ?[31mred?]0;title? ?back\n');
  }
});
