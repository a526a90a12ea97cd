import { u8aToHex } from '#polkadot/util';
import { grantText, type SignedGrant } from './grant.ts';
import { checkGrantSignature } from './verify-grant.ts';

const REMEMBERED = 1024;

/**
 * As `checkGrantSignature`, but a signature that has held is not computed again: a browser or Ansible opens many
 * tunnels with one grant, and sr25519 costs milliseconds. Only what held is remembered, the oldest is forgotten.
 */
export function grantChecker(): (grant: SignedGrant, peer: string) => void {
  const held = new Set<string>();
  return (grant, peer) => {
    const key = [grantText({ ...grant, peer }), u8aToHex(grant.account), u8aToHex(grant.signature)].join(
      '\n',
    );
    if (held.has(key)) return;
    checkGrantSignature(grant, peer);
    held.add(key);
    const [oldest] = held;
    if (held.size > REMEMBERED && oldest !== undefined) held.delete(oldest);
  };
}
