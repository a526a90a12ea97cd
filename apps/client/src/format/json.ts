/** JSON with amounts as decimal text: they don't fit into a JSON number. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner),
    2,
  );
}
