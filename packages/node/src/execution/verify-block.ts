import type { SignatureClaim } from '@hamster/crypto';
import { InvalidTransaction, type Runtime } from '@hamster/frame';
import type { StateDb } from '@hamster/state';
import { NodeError } from '../errors.ts';
import { DIGEST, encodeHeader } from '../header-codec.ts';
import type { Justification, Parent } from '../consensus/consensus.ts';
import { extrinsicsRootInSlices } from '../genesis.ts';
import { hashText } from '../hash.ts';
import type { Header } from '../header.ts';
import type { SignatureVerifier } from '../signatures/verifier.ts';
import type { ExecutedBlock } from '../storage/chain.ts';
import { Slices } from '../slices.ts';
import { hashed, type HashedExtrinsic } from './hashed-extrinsic.ts';
import { isShort, OpenBlock, type OpenBlockParts } from './open-block.ts';
import { isUpgrade, outdated, requireRulesOf } from './rules-version.ts';

export interface VerifyParts {
  readonly runtime: Runtime;
  readonly state: StateDb;
  readonly verifier: SignatureVerifier;
}

export interface ForeignBlock {
  readonly header: Header;
  readonly body: readonly Uint8Array[];
  /** Without it the block is imported, and final only later. */
  readonly justification?: Justification;
}

export interface VerifiedBlock extends ExecutedBlock {
  readonly extrinsics: readonly HashedExtrinsic[];
}

const INPUTS: ReadonlySet<number | undefined> = new Set([DIGEST.preRuntime, DIGEST.runtimeUpdated]);

/** What an author puts into a header before it executes the block. */
export const inputsOf = ({ digest }: Header): readonly Uint8Array[] =>
  digest.filter(([kind]) => INPUTS.has(kind));

export const unsealed = (header: Header): Header => ({
  ...header,
  digest: header.digest.filter(([kind]) => kind !== DIGEST.seal),
});

/**
 * Executes a block that somebody else made, and compares the header that comes out with the one that it has, byte for
 * byte. Signatures are checked in other threads first. Rejects with NODE_BLOCK_REFUSED, NODE_RULES_OUTDATED for one
 * that begins with rules which this node does not have, and NODE_STATE_OUTDATED for one under rules that it has no more.
 */
export async function verifyBlock(
  parts: VerifyParts,
  parent: Parent,
  block: ForeignBlock,
): Promise<VerifiedBlock> {
  const { header, body } = block;
  requireRulesOf(header, parts.runtime, parent.state);
  const { pause } = new Slices();
  if (hashText(await extrinsicsRootInSlices(body, pause)) !== header.extrinsicsRoot) {
    throw refused(header, 'its extrinsics are not those that its header names');
  }
  try {
    return await execute(parts, parent, block);
  } catch (error) {
    // Its author sealed it, and said that other rules begin here: that these do not understand it tells which are older.
    const isOurs = error instanceof NodeError && error.code !== 'NODE_BLOCK_REFUSED';
    throw isUpgrade(header) && !isOurs ? outdated(header, parts.runtime, error) : error;
  }
}

async function execute(
  parts: VerifyParts,
  parent: OpenBlockParts['parent'],
  { header, body }: ForeignBlock,
): Promise<VerifiedBlock> {
  const { runtime, state } = parts;
  const open = new OpenBlock({ runtime, state, parent, digest: inputsOf(header) });
  const slices = new Slices();
  const extrinsics = await slices.map(body, (bytes) =>
    hashed(refusing(header, () => runtime.decodeExtrinsic(bytes))),
  );
  const claims = await slices.map(extrinsics, ({ extrinsic }) =>
    refusing(header, () => runtime.check(open.overlay, extrinsic)),
  );
  await verifySignatures(parts.verifier, header, claims);
  for (const { extrinsic } of extrinsics) {
    if (isShort(extrinsic)) refusing(header, () => open.push(extrinsic));
    else await open.pushInSlices(extrinsic, slices).catch((error: unknown) => refuse(header, error));
    if (slices.isOver) await slices.rest();
  }
  const executed = await open.seal(slices);
  if (Buffer.compare(executed.block.encodedHeader, encodeHeader(unsealed(header))) !== 0) {
    throw refused(
      header,
      `its roots or digest are not what execution gives (state ${executed.block.header.stateRoot})`,
    );
  }
  return { ...executed, extrinsics };
}

async function verifySignatures(
  verifier: SignatureVerifier,
  header: Header,
  claims: readonly (SignatureClaim | undefined)[],
): Promise<void> {
  const valid = await Promise.all(
    claims.map((claim) => (claim ? verifier.verify(claim) : Promise.resolve(true))),
  );
  if (valid.includes(false))
    throw refused(header, `the signature of extrinsic ${valid.indexOf(false)} is false`);
}

function refusing<T>(header: Header, action: () => T): T {
  try {
    return action();
  } catch (error) {
    return refuse(header, error);
  }
}

function refuse(header: Header, error: unknown): never {
  throw error instanceof InvalidTransaction ? refused(header, error.message, error) : error;
}

const refused = (header: Header, why: string, cause?: Error): NodeError =>
  new NodeError('NODE_BLOCK_REFUSED', `Block #${header.number} is refused: ${why}`, { cause });
