import type { ChainClient } from '@hamster/chain-client';
import type { KeyringPair } from '@hamster/daemon';
import type { Context } from '../cli/context.ts';

type Call = Parameters<ChainClient['submit']>[0];
type Outcome = Awaited<ReturnType<ChainClient['submit']>>;

interface Submitting {
  /** The command with which to find out whether it was done. */
  readonly look: string;
  /** The account's key, where it had to be unlocked before. */
  readonly unlocked?: KeyringPair;
}

/**
 * Signs a call with the account of this run, and waits until a block has it. Who leaves meanwhile is told that it may be done all
 * the same, and how to find out: a transaction cannot be called back.
 */
export async function submitCall(
  context: Context,
  call: Call,
  { look, unlocked }: Submitting,
): Promise<Outcome> {
  const { signal, tell } = context;
  const chain = await context.chain();
  const pair = unlocked ?? (await (await context.account()).unlock());
  signal.throwIfAborted();
  try {
    return await chain.submit(call, pair, { signal });
  } catch (error) {
    if (signal.aborted)
      tell(`The transaction was under way, so it may be done all the same. Look with: ${look}`);
    throw error;
  }
}
