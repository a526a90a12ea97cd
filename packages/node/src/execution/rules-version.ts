import { twox128 } from '@hamster/crypto';
import type { Runtime, StateReader } from '@hamster/frame';
import { compact, Reader, u32 } from '@hamster/scale';
import { NodeError } from '../errors.ts';
import { DIGEST } from '../header-codec.ts';
import type { Header } from '../header.ts';

const text = new TextEncoder();

/** Key of System.LastRuntimeUpgrade, the same on every Substrate chain; a compact spec version comes first in it. */
const LAST_UPGRADE = Uint8Array.of(
  ...twox128(text.encode('System')),
  ...twox128(text.encode('LastRuntimeUpgrade')),
);

const SPEC_VERSION = compact(u32);

/** `DigestItem::RuntimeEnvironmentUpdated`: from this block on other rules are in force. */
const UPGRADE = Uint8Array.of(DIGEST.runtimeUpdated);

/** Spec version of the rules that are in force on top of this state; undefined for rules that keep none. */
function specVersionIn(state: Pick<StateReader, 'get'>): number | undefined {
  const stored = state.get(LAST_UPGRADE);
  return stored && SPEC_VERSION.decodeFrom(new Reader(stored));
}

/** What the header of the next block says of the rules: something, when those of this node are newer than the state's. */
export function upgradeDigest({ version }: Runtime, state: StateReader): readonly Uint8Array[] {
  const inForce = specVersionIn(state);
  return inForce !== undefined && inForce < version.specVersion ? [UPGRADE] : [];
}

/** Whether newer rules are in force from this block on. */
export const isUpgrade = ({ digest }: Header): boolean =>
  digest.some(([kind]) => kind === DIGEST.runtimeUpdated);

/**
 * Throws NODE_RULES_OUTDATED when newer rules than those of this node made the state, and NODE_STATE_OUTDATED when so old ones did
 * that these cannot read it.
 */
export function requireKnownRules(
  { version, oldestState = 0 }: Runtime,
  state: Pick<StateReader, 'get'>,
): void {
  const inForce = specVersionIn(state) ?? version.specVersion;
  if (inForce < oldestState) {
    throw new NodeError(
      'NODE_STATE_OUTDATED',
      `The chain has rules of version ${inForce}, and this release reads only states of version ${oldestState} and later: go on with an older release, or begin the chain anew`,
    );
  }
  if (inForce <= version.specVersion) return;
  throw new NodeError(
    'NODE_RULES_OUTDATED',
    `The chain has rules of version ${inForce} by now, and this node those of version ${version.specVersion}: install its newer release`,
  );
}

/** Whether a block on this state is under rules that these still execute, and not under so old ones that they do something else. */
export function hasRulesOf(
  header: Header,
  { version, oldestRules = 0 }: Runtime,
  state: StateReader,
): boolean {
  return isUpgrade(header) || (specVersionIn(state) ?? version.specVersion) >= oldestRules;
}

/** Throws NODE_STATE_OUTDATED unless `hasRulesOf`. */
export function requireRulesOf(header: Header, runtime: Runtime, state: StateReader): void {
  if (hasRulesOf(header, runtime, state)) return;
  const { version, oldestRules = 0 } = runtime;
  const inForce = specVersionIn(state) ?? version.specVersion;
  throw new NodeError(
    'NODE_STATE_OUTDATED',
    `Block #${header.number} has rules of version ${inForce}, and this release executes those of version ${oldestRules} and later: take the blocks up to the upgrade with the release of that version, then go on with this one`,
  );
}

/** A block that other nodes took, and whose rules this one does not have: nobody's fault. */
export const outdated = ({ number }: Header, { version }: Runtime, cause?: unknown): NodeError =>
  new NodeError(
    'NODE_RULES_OUTDATED',
    `From block #${number} on the chain has other rules than those of version ${version.specVersion}, which this node has: install its newer release`,
    { cause },
  );
