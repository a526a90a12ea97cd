import { MalformedInput, ss58Decode } from '@hamster/crypto';
import { accountNonce } from '../account-nonce.ts';
import { invalidParams } from '../protocol/errors.ts';
import { alias, method, unsafe } from '../protocol/method.ts';
import { text } from '../protocol/params.ts';

export const system_chain = method([], ({ backend }) => backend.chainSpec.name);

export const system_chainType = method([], ({ backend }) => backend.chainSpec.chainType);

export const system_name = method([], ({ identity }) => identity.name);

export const system_version = method([], ({ identity }) => identity.version);

export const system_properties = method([], ({ backend }) => backend.chainSpec.properties);

export const system_health = method([], ({ identity: { network } }) => ({
  peers: network?.peers().length ?? 0,
  isSyncing: network?.isSyncing() ?? false,
  shouldHavePeers: network?.shouldHavePeers ?? false,
}));

export const system_localPeerId = method([], ({ identity }) => identity.peerId);

export const system_localListenAddresses = method([], ({ identity }) => identity.listenAddresses);

export const system_peers = unsafe(
  method([], ({ identity: { network } }) =>
    (network?.peers() ?? []).map(({ peerId, role, best }) => ({
      peerId,
      roles: role.toUpperCase(),
      bestHash: best.hash,
      bestNumber: best.number,
    })),
  ),
);

export const system_nodeRoles = method([], ({ identity }) => identity.roles);

export const system_syncState = method([], ({ backend, identity: { network } }) => {
  const state = backend.syncState();
  return { ...state, highestBlock: Math.max(state.highestBlock, network?.highestBlock() ?? 0) };
});

/** The nonce after everything that this account has in the pool. */
export const system_accountNextIndex = method([text('account')], ({ backend }, account) =>
  accountNonce(backend, addressBytes(account)),
);

export const account_nextIndex = alias(system_accountNextIndex);

function addressBytes(account: string): Uint8Array {
  try {
    return ss58Decode(account).accountId;
  } catch (error) {
    if (error instanceof MalformedInput) throw invalidParams(error.message);
    throw error;
  }
}
