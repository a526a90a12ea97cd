import { expect, it } from 'vitest';
import { chooseNodeUrl, rememberNodeUrl, withoutNodeUrl } from '../src/chain/node-url.ts';

it('the node that a person chose stays chosen when the page is read again, whatever its address named before', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  const address = 'https://market.example/?rpc=ws%3A%2F%2F127.0.0.1%3A1&x=1#/market';
  const at = (href: string): string =>
    chooseNodeUrl({ query: new URL(href).search, storage, built: undefined });
  expect(at(address)).toBe('ws://127.0.0.1:1');
  rememberNodeUrl(storage, 'wss://node.example');
  expect(at(withoutNodeUrl(address))).toBe('wss://node.example');
  expect(withoutNodeUrl(address)).toBe('https://market.example/?x=1#/market');
});
