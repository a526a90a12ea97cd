import type { StateAccess } from '@hamster/frame';
import { BlockDigest, LastRuntimeUpgrade, systemEvents } from '@hamster/pallets';
import { InvalidBlock } from './errors.ts';
import type { ExecutiveParts } from './parts.ts';

/** Puts these rules into force in the open block, if its header says that they begin with it. @throws InvalidBlock */
export const upgradeIfMarked = (parts: ExecutiveParts, state: StateAccess): void => {
  const { composition, version, code } = parts;
  const at = { state };
  if (!BlockDigest.get(at).logs.some(({ type }) => type === 'RuntimeEnvironmentUpdated')) return;
  const { spec_version = 0 } = LastRuntimeUpgrade.get(at) ?? {};
  if (spec_version >= version.specVersion) {
    throw new InvalidBlock(
      `Rules newer than version ${spec_version} begin with this block: they are not here`,
    );
  }
  for (const [key, value] of code()) state.put(key, value);
  LastRuntimeUpgrade.put(at, { spec_version: version.specVersion, spec_name: version.specName });
  composition.context(state).deposit(systemEvents.CodeUpdated());
};
