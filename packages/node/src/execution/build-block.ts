import type { SignatureClaim } from '@hamster/crypto';
import { InvalidTransaction, type Runtime } from '@hamster/frame';
import type { StateDb } from '@hamster/state';
import type { Hash } from '../header.ts';
import type { Logger } from '../logger.ts';
import type { SignatureVerifier } from '../signatures/verifier.ts';
import type { ExecutedBlock } from '../storage/chain.ts';
import { Slices } from '../slices.ts';
import { hashed, type HashedExtrinsic } from './hashed-extrinsic.ts';
import { isShort, OpenBlock, type OpenBlockParts } from './open-block.ts';

export interface BuilderParts {
  readonly runtime: Runtime;
  readonly state: StateDb;
  readonly verifier: SignatureVerifier;
  readonly logger: Logger;
}

export interface Candidate extends HashedExtrinsic {
  /** What was found true of its signature before: it need not be verified again unless the block asks for something else. */
  readonly verified?: SignatureClaim | undefined;
}

/** What a block should take, best first. */
export interface BlockOrder {
  take(): Candidate | undefined;
  /** To be called when a taken one is in the block. */
  included(candidate: Candidate): void;
}

export interface BuildTask {
  readonly parent: OpenBlockParts['parent'];
  readonly digest: readonly Uint8Array[];
  /** In ms, for the inherents. */
  readonly timestamp: bigint;
  readonly order: BlockOrder;
  /** Says that half of the time is over: if much does not fit by now, the block is full. */
  readonly isHalfOver: () => boolean;
  /** Says that it is time to close the block. */
  readonly isLate: () => boolean;
}

export interface BuiltBlock extends ExecutedBlock {
  readonly extrinsics: readonly HashedExtrinsic[];
  /** What turned out to be impossible; `broken` when the runtime broke down over it. */
  readonly rejected: readonly { readonly hash: Hash; readonly broken: boolean }[];
}

/**
 * As Substrate: extrinsics that would still fit are looked for behind so many that don't, and behind more of them in the first half
 * of the time. What does not fit pays nothing: a few that claim a whole block must not keep all others out of it. Other than
 * there, even these are bounded: a block that is full early must not cost a look at the whole pool.
 */
const MAX_MISFITS = { early: 256, late: 8 } as const;
const MAX_BODY_BYTES = 5 * 2 ** 20;

/**
 * Makes a block of the inherents and of as much of the pool as fits, in slices: the pool may change meanwhile, the chain must
 * not. Rejects with what the runtime throws on opening and closing.
 */
export async function buildBlock(parts: BuilderParts, task: BuildTask): Promise<BuiltBlock> {
  const { runtime, state } = parts;
  const open = new OpenBlock({ runtime, state, parent: task.parent, digest: task.digest });
  const inherents = runtime.inherents({ now: task.timestamp }).map((bytes) => runtime.decodeExtrinsic(bytes));
  const slices = new Slices();
  for (const inherent of inherents) await open.pushInSlices(inherent, slices);
  const { included, rejected } = await fill(parts, task, open, slices);
  return { ...(await open.seal(slices)), extrinsics: [...inherents.map(hashed), ...included], rejected };
}

async function fill(
  parts: BuilderParts,
  { order, isHalfOver, isLate }: BuildTask,
  open: OpenBlock,
  slices: Slices,
) {
  const included: HashedExtrinsic[] = [];
  const rejected: { hash: Hash; broken: boolean }[] = [];
  let misfits = 0;
  const mayLook = (): boolean => misfits < MAX_MISFITS.late || (misfits < MAX_MISFITS.early && !isHalfOver());
  while (mayLook() && !isLate()) {
    if (slices.isOver) await slices.rest();
    const next = order.take();
    if (!next) break;
    const outcome = await tryOne(parts, open, next, { slices, isLate });
    if (outcome === 'included') {
      included.push(next);
      order.included(next);
    } else if (outcome === 'misfit') misfits += 1;
    else if (outcome !== 'later') rejected.push({ hash: next.hash, broken: outcome === 'broken' });
  }
  return { included, rejected };
}

type Outcome = 'included' | 'misfit' | 'later' | 'invalid' | 'broken';

async function tryOne(
  { runtime, verifier, logger }: BuilderParts,
  open: OpenBlock,
  next: Candidate,
  { slices, isLate }: Pick<BuildTask, 'isLate'> & { readonly slices: Slices },
): Promise<Outcome> {
  const { extrinsic, hash } = next;
  if (open.size + extrinsic.bytes.length > MAX_BODY_BYTES) return 'misfit';
  try {
    const claim = runtime.check(open.overlay, extrinsic);
    if (claim && claim !== next.verified && !verifier.verifyNow(claim)) return 'invalid';
    if (isShort(extrinsic)) open.push(extrinsic);
    else await open.pushInSlices(extrinsic, slices, isLate);
    return 'included';
  } catch (error) {
    if (error instanceof InvalidTransaction) return verdict(error);
    logger.error({ err: error, extrinsic: hash }, 'The runtime failed on an extrinsic: left out');
    return 'broken';
  }
}

function verdict({ kind }: InvalidTransaction): Outcome {
  if (kind === 'ExhaustsResources') return 'misfit';
  return kind === 'Future' ? 'later' : 'invalid';
}
