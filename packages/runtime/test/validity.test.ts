import { InvalidTransaction } from '@hamster/frame';
import { bytes as scaleBytes } from '@hamster/scale';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf, TestChain } from './support/chain.ts';
import { sign, type SignOptions } from './support/sign.ts';

const [alice, bob, stranger] = [keyOf('Alice'), keyOf('Bob'), keyOf('Stranger')];
const REMARK = ['System', 'remark', '0x00'] as const;
type Call = Parameters<typeof sign>[2];

let chain: TestChain;
beforeEach(() => {
  chain = new TestChain();
});

const kindOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof InvalidTransaction) return error.kind;
    throw error;
  }
  return 'valid';
};

/** One byte more behind the call, and a length in front that counts it. */
const lengthened = (bytes: Uint8Array): Uint8Array => {
  const inside = scaleBytes.decode(bytes);
  return scaleBytes.encode(Uint8Array.of(...inside, 0));
};

const contents = (): string[] =>
  [...chain.state.entries()].map(([key, value]) => Buffer.concat([key, value]).toString('hex'));

describe('the bytes of an extrinsic', () => {
  const decoding = (bytes: Uint8Array) => () => chain.runtime.decodeExtrinsic(bytes);

  it('end where its call ends, and its length says so', () => {
    const { bytes } = sign(chain, alice, REMARK);
    const inside = lengthened(bytes);
    expect(kindOf(decoding(bytes))).toBe('valid');
    expect(inside).toHaveLength(bytes.length + 1);
    expect(kindOf(decoding(inside))).toBe('Call');
    expect(kindOf(decoding(Uint8Array.of(...bytes, 0)))).toBe('Call');
    expect(kindOf(decoding(bytes.subarray(0, -1)))).toBe('Call');
  });
});

describe('the pool', () => {
  it('learns what comes after what', () => {
    const [first, second] = [sign(chain, alice, REMARK), sign(chain, alice, REMARK, { nonce: 1 })];
    expect(chain.validate(first)).toMatchObject({ requires: [], propagate: true });
    expect(chain.validate(second).requires).toEqual(chain.validate(first).provides);
  });

  it('prefers a higher tip', () => {
    const [cheap, dear] = [sign(chain, alice, REMARK), sign(chain, alice, REMARK, { tip: 1_000n })];
    expect(chain.validate(dear).priority).toBeGreaterThan(chain.validate(cheap).priority);
  });

  it('prefers what is urgent to any tip, and what is operational by somebody else to nothing', () => {
    const priority = (key: typeof alice, call: Call, options: SignOptions = {}) =>
      chain.validate(sign(chain, key, call, options)).priority;
    const inner = chain.registry.createType('Call', { callIndex: [14, 4], args: [{ era: 60_000 }] });
    const asRoot: Call = ['Sudo', 'sudo', inner];
    const operational: Call = ['Validators', 'set_parameters', { era: 60_000 }];
    const dear = { tip: 900_000n * 10n ** 12n };
    expect(priority(alice, asRoot)).toBeGreaterThan(priority(bob, REMARK, dear));
    expect(priority(alice, asRoot, { tip: 1n })).toBeGreaterThan(priority(alice, asRoot));
    expect(priority(bob, REMARK, dear)).toBeGreaterThan(priority(bob, asRoot));
    expect(priority(bob, REMARK, { tip: 1n })).toBeGreaterThan(priority(bob, operational));
    // One that waits for another is judged when that one is in a block.
    expect(priority(bob, REMARK, dear)).toBeGreaterThan(priority(alice, asRoot, { nonce: 1 }));
  });

  it.each<[string, () => Parameters<typeof sign>[1], SignOptions]>([
    ['Payment', () => stranger, {}],
    ['Payment', () => alice, { tip: 10n ** 18n }],
    ['BadProof', () => alice, { specVersion: 999 }],
    ['valid', () => alice, { nonce: 5 }],
    ['valid', () => alice, { period: 64 }],
  ])('%s (%#)', (kind, key, options) => {
    expect(kindOf(() => chain.validate(sign(chain, key(), REMARK, options)))).toBe(kind);
  });

  it('tells first of the account and its nonce, then of what fits no block, and last of money', () => {
    const heavy: Call = ['System', 'remark', `0x${'00'.repeat(4_000_000)}`];
    const judged = (key: typeof alice, options: SignOptions = {}) =>
      kindOf(() => chain.validate(sign(chain, key, heavy, options)));
    chain.block(sign(chain, alice, REMARK));
    expect(judged(stranger)).toBe('Payment');
    expect(judged(alice, { nonce: 0 })).toBe('Stale');
    expect(judged(alice, { nonce: 1, tip: 10n ** 18n })).toBe('ExhaustsResources');
  });

  it('never changes the state', () => {
    const before = contents();
    chain.validate(sign(chain, alice, REMARK, { period: 64 }));
    kindOf(() => chain.validate(sign(chain, stranger, REMARK)));
    expect(contents()).toEqual(before);
  });

  it('takes no bare extrinsic', () => {
    const [inherent = new Uint8Array()] = chain.runtime.inherents({ now: 1n });
    const bare = (bytes: Uint8Array) => kindOf(() => chain.validate(chain.runtime.decodeExtrinsic(bytes)));
    expect(bare(inherent)).toBe('MandatoryValidation');
    expect(bare(Uint8Array.of(16, 4, 0, 0, 0))).toBe('NoUnsignedValidator');
  });

  it('sees a used nonce', () => {
    const first = sign(chain, alice, REMARK);
    chain.block(first);
    expect(kindOf(() => chain.validate(first))).toBe('Stale');
  });

  it('sees an era end', () => {
    const mortal = sign(chain, alice, REMARK, { period: 4 });
    expect(chain.validate(mortal).longevity).toBe(3n);
    for (let number = 0; number < 3; number += 1) chain.block();
    expect(kindOf(() => chain.validate(mortal))).toBe('AncientBirthBlock');
    chain.block();
    expect(kindOf(() => chain.validate(mortal))).toBe('BadProof');
  });
});

describe('a block', () => {
  const applied = (xt: ReturnType<typeof sign>): string => kindOf(() => chain.apply(xt));

  it('takes nothing before its time is set, and can not be closed without', () => {
    chain.runtime.initializeBlock(chain.state, { number: 1, parentHash: chain.hashOf(0), digest: [] });
    const before = contents();
    expect(applied(sign(chain, alice, REMARK))).toBe('MandatoryValidation');
    expect(contents()).toEqual(before);
    expect(() => chain.runtime.finalizeBlock(chain.state)).toThrow(/no timestamp/);
  });

  it('takes its time once, and only forward', () => {
    chain.open();
    const again = chain.runtime
      .inherents({ now: 1_900_000_000_000n })
      .map((bytes) => chain.runtime.decodeExtrinsic(bytes));
    expect(again.map(applied)).toEqual(['BadMandatory']);
    chain.close();
    chain.runtime.initializeBlock(chain.state, { number: 2, parentHash: chain.hashOf(1), digest: [] });
    const back = chain.runtime.inherents({ now: 1n }).map((bytes) => chain.runtime.decodeExtrinsic(bytes));
    expect(back.map(applied)).toEqual(['BadMandatory']);
  });

  it('refuses without a trace what can not be in it', () => {
    chain.open();
    const before = contents();
    expect(applied(sign(chain, alice, REMARK, { nonce: 1 }))).toBe('Future');
    expect(applied(sign(chain, stranger, REMARK))).toBe('Payment');
    expect(applied(sign(chain, alice, ['Timestamp', 'set', 1]))).toBe('MandatoryValidation');
    expect(contents()).toEqual(before);
    expect(applied(sign(chain, alice, REMARK))).toBe('valid');
    expect(applied(sign(chain, alice, REMARK))).toBe('Stale');
  });

  it('tells of a used nonce before what is too much for it, and of that before money', () => {
    chain.block(sign(chain, alice, REMARK));
    chain.open();
    const long: Call = ['System', 'remark', `0x${'00'.repeat(1_000_000)}`];
    for (let nonce = 0; nonce < 3; nonce += 1)
      expect(applied(sign(chain, bob, long, { nonce }))).toBe('valid');
    const heavy: Call = ['System', 'remark', `0x${'00'.repeat(4_000_000)}`];
    for (const call of [long, heavy]) {
      expect(applied(sign(chain, stranger, call))).toBe('Payment');
      expect(applied(sign(chain, alice, call, { nonce: 0 }))).toBe('Stale');
      expect(applied(sign(chain, alice, call, { nonce: 1, tip: 10n ** 18n }))).toBe('ExhaustsResources');
    }
  });

  it('has a limit on weight and on bytes', () => {
    chain.open();
    const long = `0x${'00'.repeat(1_000_000)}`;
    const outcomes: string[] = [];
    for (let nonce = 0; nonce < 5; nonce += 1)
      outcomes.push(applied(sign(chain, bob, ['System', 'remark', long], { nonce })));
    expect(outcomes).toEqual(['valid', 'valid', 'valid', 'ExhaustsResources', 'ExhaustsResources']);
  });
});

describe('bytes that are no extrinsic', () => {
  it.each([
    ['nothing', '0x'],
    ['a wrong length prefix', '0x0c04'],
    ['version 5', '0x0805ff'],
    ['an unknown pallet', '0x0c04ff00'],
    ['a huge length', '0xffffffffffffffff'],
  ])('%s', (_, bytes) => {
    const raw = new Uint8Array(Buffer.from(bytes.slice(2), 'hex'));
    expect(kindOf(() => chain.runtime.decodeExtrinsic(raw))).toBe('Call');
  });
});
