/** A block's or an extrinsic's blake2b-256 hash as `0x` and 64 lower-case hex digits: also the key of every map. */
export type Hash = `0x${string}`;

/** A block header; `digest` holds each log item SCALE encoded, as `header.digest.logs` shows it on the wire. */
export interface Header {
  readonly parentHash: Hash;
  readonly number: number;
  readonly stateRoot: Hash;
  readonly extrinsicsRoot: Hash;
  readonly digest: readonly Uint8Array[];
}
