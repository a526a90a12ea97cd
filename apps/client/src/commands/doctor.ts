import { homedir } from 'node:os';
import { Command } from 'commander';
import type { ChainClient } from '@hamster/chain-client';
import { sentenceOf } from '@hamster/daemon';
import type { Context } from '../cli/context.ts';
import { EXIT } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { checkChain } from '../doctor/chain.ts';
import { checkFiles, checkRoom } from '../doctor/files.ts';
import { bad, type Finding } from '../doctor/finding.ts';
import { checkAccount } from '../doctor/money.ts';
import { checkTools } from '../doctor/tools.ts';
import { checkVotes } from '../doctor/votes.ts';
import { checkGateways, checkLeases } from '../doctor/ways.ts';
import { toJson } from '../format/json.ts';
import { harmless } from '@hamster/daemon';

export function doctorCommand(run: Run): Command {
  return new Command('doctor')
    .description('look for what keeps you from your machines, and say what to do')
    .action(run(doctor));
}

async function doctor(context: Context): Promise<number> {
  const findings: Finding[] = [];
  const add = (found: Finding | readonly Finding[]): void => {
    for (const finding of [found].flat() as Finding[]) {
      findings.push(finding);
      if (!context.settings.json) context.print(findingText(finding));
    }
  };
  const { home } = context.settings;
  add(await checkFiles(home));
  add(await checkRoom(home));
  add(await checkTools({ home, userHome: homedir(), env: context.env }));
  const chain = await context.chain().catch((error: unknown) => void add(chainAway(error)));
  if (chain) await throughChain(context, chain, add);
  if (context.settings.json) context.print(toJson(findings));
  const broken = findings.filter(({ state }) => state === 'bad').length;
  if (!context.settings.json) context.print(`\n${summary(broken)}`);
  return broken === 0 ? 0 : EXIT.failure;
}

async function throughChain(
  context: Context,
  chain: ChainClient,
  add: (found: Finding | readonly Finding[]) => void,
): Promise<void> {
  const { chain: identity, now, watchHeads, isSyncing } = chain;
  add(await checkChain({ chain: identity, now, watchHeads, isSyncing }, Date.now, context.signal));
  add(await checkAccount(chain, context.account));
  add(await checkGateways(context, chain).catch(untried('gateways')));
  add(await checkLeases(context, chain).catch(untried('leases')));
  add(await checkVotes(context.settings.home, identity.genesisHash));
}

/** What keeps a look from being taken is one of the things to be found, and hides no other. */
function untried(about: string): (error: unknown) => Finding {
  return (error) => bad(about, sentenceOf(error), 'Mend what is bad above first, then look again.');
}

function chainAway(error: unknown): Finding {
  return bad('chain', sentenceOf(error), 'Name a node that runs with --chain, or HAMSTER_CHAIN.');
}

function findingText({ about, state, text, advice }: Finding): string {
  const line = `${state.padEnd(4)}  ${about.padEnd(18)}  ${harmless(text)}`;
  return advice === undefined ? line : `${line}\n${' '.repeat(26)}${advice}`;
}

function summary(broken: number): string {
  if (broken === 0) return 'Nothing is broken.';
  return broken === 1 ? 'One thing is broken.' : `${broken} things are broken.`;
}
