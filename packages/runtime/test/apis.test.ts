import { UnknownRuntimeApi } from '@hamster/frame';
import type { RuntimeVersion, TransactionValidity } from '@polkadot/types/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const alice = keyOf('Alice');

let chain: TestChain;
beforeEach(() => {
  chain = new TestChain();
});

const call = (method: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  chain.runtime.call(chain.state, method, new Uint8Array(Buffer.concat(parts)));

describe('runtime APIs', () => {
  it('tell the version', () => {
    const version = chain.registry.createType<RuntimeVersion>('RuntimeVersion', call('Core_version'));
    expect(version.specName.toString()).toBe('hamster');
    expect(version.apis.map(([id]) => id.toHex())).toEqual(chain.runtime.version.apis.map(([id]) => id));
  });

  it('give metadata, each form with its own wrapping', () => {
    const plain = chain.runtime.metadata(14);
    expect(call('Metadata_metadata')).toEqual(
      chain.registry.createType('Bytes', `0x${Buffer.from(plain).toString('hex')}`).toU8a(),
    );
    expect([...call('Metadata_metadata_versions')]).toEqual([12, 14, 0, 0, 0, 15, 0, 0, 0, 16, 0, 0, 0]);
    expect(call('Metadata_metadata_at_version', Uint8Array.of(15, 0, 0, 0))[0]).toBe(1);
    expect([...call('Metadata_metadata_at_version', Uint8Array.of(13, 0, 0, 0))]).toEqual([0]);
  });

  it('tell nonces', () => {
    chain.block(sign(chain, alice, ['System', 'remark', '0x00']));
    expect([...call('AccountNonceApi_account_nonce', alice.publicKey)]).toEqual([1, 0, 0, 0]);
    expect([...call('AccountNonceApi_account_nonce', keyOf('Nobody').publicKey)]).toEqual([0, 0, 0, 0]);
  });

  it('validate transactions as the pool does', () => {
    const xt = sign(chain, alice, ['System', 'remark', '0x00'], { period: 64 });
    const external = Uint8Array.of(2);
    const answer = call('TaggedTransactionQueue_validate_transaction', external, xt.bytes, chain.hashOf(0));
    expect(chain.registry.createType<TransactionValidity>('TransactionValidity', answer).isOk).toBe(true);
    const forged = Uint8Array.from(xt.bytes);
    forged[forged.length - 1] = 1;
    const refusal = call('TaggedTransactionQueue_validate_transaction', external, forged, chain.hashOf(0));
    expect([...refusal]).toEqual([1, 0, 4]);
  });

  it('try an extrinsic on the state that a block has left, as FRAME does', () => {
    chain.block(sign(chain, alice, ['System', 'remark', '0x00']));
    const stale = sign(chain, alice, ['System', 'remark', '0x01'], { nonce: 0 });
    expect([...call('BlockBuilder_apply_extrinsic', stale.bytes)]).toEqual([1, 0, 3]);
    const next = sign(chain, alice, ['System', 'remark', '0x01'], { nonce: 1 });
    expect([...call('BlockBuilder_apply_extrinsic', next.bytes)]).toEqual([0, 0]);
  });

  it('refuse what they do not have', () => {
    expect(() => call('Aura_nothing')).toThrow(UnknownRuntimeApi);
  });
});
