import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealHeader, slotDigest } from '../../src/consensus/aura.ts';
import { soleUse } from '../../src/consensus/sole-use.ts';
import { singleAuthor, type ConsensusKeys, type Header, type Parent } from '../../src/index.ts';
import { ALICE, keysOf } from './dev-keys.ts';
import { openManual, recorder, type Running } from './harness.ts';
import { testRuntime } from './test-runtime.ts';

/** When the node began. */
const START = 100_000;
const SLOT = 1_000;

function parentOf({ backend }: Running): Parent {
  const best = backend.best();
  const [header, state] = [backend.header(best.hash), backend.stateAt(best.hash)];
  if (!header || !state) throw new RangeError('No best block');
  return { ...best, header, state };
}

/** A header on that block, sealed in the turn of that time by the first of these keys. */
function sealed(parent: Parent, time: number, { authors: [author] }: ConsensusKeys): Header {
  if (!author) throw new RangeError('No key');
  const digest = [slotDigest(BigInt(time / SLOT))];
  return sealHeader({ ...parent.header, number: parent.number + 1, parentHash: parent.hash, digest }, author);
}

let node: Running;
beforeAll(async () => {
  node = await openManual({ now: () => 1_000 });
  for (let made = 0; made < 2; made++) await node.backend.manualSeal.newBlock();
});
afterAll(() => node.close());

/** The keys of a node that authors as Alice on top of two blocks. */
function scene(mayAuthor = () => true) {
  const parent = parentOf(node);
  const { logger, lines } = recorder();
  const guard = soleUse({
    consensus: singleAuthor({ runtime: testRuntime(), keys: ALICE }),
    chain: {
      best: () => node.backend.best(),
      parent: () => parent,
      blocks: { header: (hash) => node.backend.header(hash) },
    },
    mayAuthor,
    now: () => START,
    logger,
  });
  const { consensus } = guard;
  const propose = () => consensus.propose(parent, BigInt(START + 5_000), 'due');
  const votes = () => consensus.decide({ hash: parent.hash, number: parent.number }, parent) !== undefined;
  return { parent, lines, guard, propose, votes };
}

const mine = { level: 'error', message: expect.stringContaining('in use elsewhere') as string };
const older = { level: 'error', message: expect.stringContaining('an old copy of its data') as string };

describe('the keys of a node', () => {
  it('make no block before the node knows what the others know', () => {
    let knows = false;
    const { propose } = scene(() => knows);
    expect(propose()).toBeUndefined();
    knows = true;
    expect(propose()).toBeDefined();
  });

  it('are given up for good when a block of these days was sealed with them elsewhere', () => {
    const { guard, parent, propose, votes, lines } = scene();
    expect([propose() !== undefined, votes()]).toEqual([true, true]);
    guard.seen(sealed(parent, START + 3_000, ALICE));
    expect([propose(), votes(), lines]).toEqual([undefined, false, [mine]]);
  });

  it('are given up over a block that is right, too, as soon as it is verified', () => {
    const { guard, parent, propose, lines } = scene();
    guard.consensus.verify(sealed(parent, START + 3_000, ALICE), parent);
    expect([propose(), lines]).toEqual([undefined, [mine]]);
  });

  it('go on over old blocks, which an old copy catches up with, until the first block of its own', () => {
    const { guard, parent, propose, lines } = scene();
    const old = sealed(parent, START - 50_000, ALICE);
    guard.seen(old);
    const proposal = propose();
    expect(lines).toEqual([]);
    proposal?.seal(parent.header);
    guard.seen(old);
    expect([propose(), lines]).toEqual([undefined, [older]]);
  });

  it('may seal a block that is agreed on before it is taken in', async () => {
    const { guard, parent, propose, lines } = scene();
    const [author] = ALICE.authors;
    if (!author) throw new RangeError('No key');
    const block = guard
      .own({ timestamp: 0n, digest: [], seal: (header) => sealHeader(header, author) })
      .seal({
        ...sealed(parent, START + 3_000, ALICE),
        digest: [slotDigest(BigInt((START + 3_000) / SLOT))],
      });
    guard.consensus.verify(block, parent);
    expect([propose() !== undefined, guard.maySign(), lines]).toEqual([true, true, []]);
  });

  it('go on whatever others seal, or claim, and over blocks that are here', () => {
    const { guard, parent, propose, lines } = scene();
    propose()?.seal(parent.header);
    guard.seen(sealed(parent, START + 3_000, keysOf('Bob')));
    const right = sealed(parent, START + 3_000, ALICE);
    guard.seen({ ...right, stateRoot: parent.hash });
    guard.seen({ ...right, digest: [] });
    guard.seen({ ...right, digest: right.digest.slice(0, 1) });
    for (const number of [1, 2]) {
      const header = node.backend.header(node.backend.hashAt(number) ?? node.backend.genesisHash);
      if (header) guard.seen(header);
    }
    expect([propose() !== undefined, lines]).toEqual([true, []]);
  });
});
