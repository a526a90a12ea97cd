import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonState, Type, writeJsonState } from '@hamster/daemon';
import type { Static } from '@hamster/daemon';

const Hash = Type.String({ pattern: '^0x[0-9a-f]{64}$' });

/** A vote that is committed and not yet shown. Who reads it early can copy the vote; without it nobody can show it. */
const Schema = Type.Object({
  genesisHash: Hash,
  /** The node that was used, for the reminder. */
  chain: Type.String(),
  dispute: Type.Integer(),
  /** SS58 address of the account that voted. */
  voter: Type.String(),
  verdict: Type.Union([
    Type.Literal('ProviderAtFault'),
    Type.Literal('ClaimUnfounded'),
    Type.Literal('Inconclusive'),
  ]),
  observed: Type.Object({
    reachable: Type.Boolean(),
    cpuCores: Type.Integer(),
    memoryMib: Type.Integer(),
    diskGib: Type.Integer(),
  }),
  salt: Hash,
  /** When it can be shown, ms since 1970: from, and until before. */
  showFrom: Type.Integer(),
  showUntil: Type.Integer(),
});

export type SecretVote = Static<typeof Schema>;

/** A directory never holds more than what one person votes on; a foreign one is not read to its end. */
const MOST_FILES = 1000;

/** Keeps a vote, under the commitment that is on chain: so a second try overwrites nothing. */
export async function saveVote(home: string, commitment: string, vote: SecretVote): Promise<void> {
  await writeJsonState(fileOf(home, commitment), vote);
}

/** The vote behind a commitment (0x and 64 hex digits), if this machine has it. */
export async function loadVote(home: string, commitment: string): Promise<SecretVote | undefined> {
  return readJsonState(fileOf(home, commitment), Schema);
}

export async function removeVote(home: string, commitment: string): Promise<void> {
  await rm(fileOf(home, commitment), { force: true });
}

/** All votes that are kept, by commitment. Files that cannot be read are left out. */
export async function keptVotes(home: string): Promise<{ commitment: string; vote: SecretVote }[]> {
  const names = await readdir(directoryIn(home)).catch(() => []);
  const commitments = names.flatMap((name) => /^(0x[0-9a-f]{64})\.json$/.exec(name)?.[1] ?? []);
  const kept = await Promise.all(
    commitments.slice(0, MOST_FILES).map(async (commitment) => {
      const vote = await loadVote(home, commitment).catch(() => undefined);
      return vote ? [{ commitment, vote }] : [];
    }),
  );
  return kept.flat();
}

/** Votes of other chains than this one, with the files that hold them. */
export async function strangeVotes(
  home: string,
  genesisHash: string,
): Promise<{ file: string; vote: SecretVote }[]> {
  const strange = (await keptVotes(home)).filter(({ vote }) => vote.genesisHash !== genesisHash);
  return strange.map(({ commitment, vote }) => ({ file: fileOf(home, commitment), vote }));
}

function fileOf(home: string, commitment: string): string {
  return join(directoryIn(home), `${commitment}.json`);
}

function directoryIn(home: string): string {
  return join(home, 'votes');
}
