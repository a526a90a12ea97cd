import { expect, it } from 'vitest';
import { HAM, POTS } from '../src/index.ts';
import { EXISTENTIAL_DEPOSIT } from '../src/constants.ts';
import { hexOf, keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const [root, bob] = [keyOf('Alice'), keyOf('Bob')];

it.each(Object.entries(POTS))('root does not end the account of the pot of the %s', (_, pot) => {
  // Fees and slashes go to it in parts that are too small to begin an account with: none of them could be paid any more.
  const chain = new TestChain();
  const inner = (callIndex: readonly [number, number], ...args: readonly unknown[]) =>
    chain.registry.createType('Call', { callIndex, args });
  const [who, to] = [{ Id: hexOf(pot) }, { Id: bob.address }];
  let nonce = 0;
  const asRoot = (...call: readonly [name: string, ...args: readonly unknown[]]): unknown => {
    chain.block(sign(chain, root, ['Sudo', ...call], { nonce: nonce++ }));
    return chain.events().find(([pallet]) => pallet === 'sudo')?.[2][0];
  };
  const isRefused = (result: unknown): void => expect(String(result)).toContain('NotExpendable');

  const transfer = ['Balances', 'transfer_keep_alive', hexOf(pot), HAM] as const;
  chain.block(sign(chain, root, transfer, { nonce: nonce++ }));
  const { free } = chain.account(pot);
  isRefused(asRoot('sudo', inner([2, 2], who, to, free)));
  isRefused(asRoot('sudo', inner([2, 2], who, to, chain.account(pot).free - 1n)));
  isRefused(asRoot('sudo', inner([2, 8], who, 0n)));
  isRefused(asRoot('sudo_as', who, inner([2, 4], to, false)));
  isRefused(asRoot('sudo_as', who, inner([2, 10], chain.account(pot).free, false)));
  expect(chain.account(pot).free).toBeGreaterThanOrEqual(free);
  expect(String(asRoot('sudo', inner([2, 8], who, EXISTENTIAL_DEPOSIT)))).toContain('Ok');
});
