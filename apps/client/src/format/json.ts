import { harmlessJson } from '@hamster/daemon';

/** JSON with amounts as decimal text: they don't fit into a JSON number. */
export function toJson(value: unknown): string {
  const plain = (_: string, inner: unknown): unknown =>
    typeof inner === 'bigint' ? inner.toString() : inner;
  return harmlessJson(JSON.stringify(value, plain, 2));
}
