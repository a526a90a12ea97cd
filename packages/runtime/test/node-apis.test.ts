import { UnknownRuntimeApi } from '@hamster/frame';
import { Now } from '@hamster/pallets';
import { u64 } from '@hamster/scale';
import { beforeEach, describe, expect, it } from 'vitest';
import { callApi } from './support/call-api.ts';
import { hexOf, keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

let chain: TestChain;
beforeEach(() => {
  chain = new TestChain();
});

const ask = (api: string, method: string, ...args: readonly unknown[]): unknown =>
  callApi(chain, api, method, ...args).toJSON();

describe('session keys', () => {
  const [aura, grandpa] = ['aa'.repeat(32), 'bb'.repeat(32)];

  it('are taken apart, each with its type', () => {
    expect(ask('SessionKeys', 'decode_session_keys', `0x${aura}${grandpa}`)).toEqual([
      [`0x${aura}`, hexOf(Buffer.from('aura'))],
      [`0x${grandpa}`, hexOf(Buffer.from('gran'))],
    ]);
  });

  it.each(['0x', `0x${aura}`, `0x${aura}${grandpa}00`])('are none: %s', (encoded) => {
    expect(ask('SessionKeys', 'decode_session_keys', encoded)).toBeNull();
  });

  it('are made by the node, which keeps the secrets', () => {
    expect(() => ask('SessionKeys', 'generate_session_keys', null)).toThrow(/author_rotateKeys/);
    expect(() => ask('SessionKeys', 'generate_session_keys', null)).toThrow(UnknownRuntimeApi);
  });
});

describe('inherents', () => {
  const TIME = hexOf(Buffer.from('timstap0'));
  const now = 1_800_000_000_000n;
  const timeOf = (moment: bigint) => ({
    data: new Map([[TIME, hexOf(u64.encode(moment))]]),
  });
  const header = { parentHash: new Uint8Array(32), number: 1, digest: { logs: [] } };
  const checked = (moment: bigint, ...more: readonly Uint8Array[]) => {
    const extrinsics = [...chain.runtime.inherents({ now: moment }), ...more];
    return ask('BlockBuilder', 'check_inherents', { header, extrinsics }, timeOf(now));
  };
  const fine = { okay: true, fatalError: false, errors: { data: {} } };
  const wrong = (error: number) => ({
    okay: false,
    fatalError: true,
    errors: { data: { [TIME]: hexOf(Uint8Array.of(error)) } },
  });

  it('are what the author of a block would put first', () => {
    const [inherent] = ask('BlockBuilder', 'inherent_extrinsics', timeOf(now)) as string[];
    const [bytes] = chain.runtime.inherents({ now });
    expect(inherent).toBe(hexOf(bytes?.subarray(1) ?? new Uint8Array()));
  });

  it('are as they should be, half a minute ahead at most, and later than the block before', () => {
    expect(checked(now)).toEqual(fine);
    expect(checked(now + 30_000n)).toEqual(fine);
    expect(checked(now + 30_001n)).toEqual(wrong(1));
    chain.block();
    const last = Now.get(chain);
    expect(checked(last + 1n)).toEqual(fine);
    expect(checked(last)).toEqual(wrong(0));
  });

  it('end where the transactions begin, and a block may be judged without any', () => {
    const transfer = sign(chain, keyOf('Alice'), ['System', 'remark', '0x00']).bytes;
    expect(checked(now, transfer)).toEqual(fine);
    expect(ask('BlockBuilder', 'check_inherents', { header, extrinsics: [] }, timeOf(now))).toEqual(fine);
  });

  it('are nothing without a time to judge by', () => {
    const nothing = { data: new Map() };
    expect(() => ask('BlockBuilder', 'inherent_extrinsics', nothing)).toThrow(/timstap0/);
    const block = { header, extrinsics: chain.runtime.inherents({ now }) };
    expect(() => ask('BlockBuilder', 'check_inherents', block, nothing)).toThrow(/timstap0/);
  });
});

describe('whoever votes twice', () => {
  it('is punished by nobody: there is no proof of a key, and no report', () => {
    expect(ask('GrandpaApi', 'generate_key_ownership_proof', 0, new Uint8Array(32))).toBeNull();
    const vote = [{ targetHash: new Uint8Array(32), targetNumber: 1 }, new Uint8Array(64)];
    const equivocation = {
      Prevote: { roundNumber: 1, identity: new Uint8Array(32), first: vote, second: vote },
    };
    const proof = { setId: 0, equivocation };
    expect(ask('GrandpaApi', 'submit_report_equivocation_unsigned_extrinsic', proof, '0x')).toBeNull();
  });
});
