import type { DecodedExtrinsic, Runtime } from '@hamster/frame';
import { compact, u32, Writer, writeCompact } from '@hamster/scale';
import { Metadata, TypeRegistry } from '#polkadot/types';
import { BenchError } from '../errors.ts';
import type { Account } from './accounts.ts';

/** Makes extrinsics as a client that knows the metadata does; only that their signatures are all zeros. */
export class ExtrinsicMaker {
  readonly registry = new TypeRegistry();
  readonly #runtime: Runtime;
  readonly #indices = new Map<string, Uint8Array>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const encoded = `0x${Buffer.from(runtime.metadata(15)).toString('hex')}` as const;
    this.registry.setMetadata(new Metadata(this.registry, encoded));
    for (const pallet of this.registry.metadata.pallets) {
      if (pallet.calls.isNone) continue;
      const { variants } = this.registry.lookup.getSiType(pallet.calls.unwrap().type).def.asVariant;
      for (const { name, index } of variants) {
        this.#indices.set(`${pallet.name}.${name}`, Uint8Array.of(pallet.index.toNumber(), index.toNumber()));
      }
    }
  }

  /** All that the metadata lists, as "Pallet.call". */
  get calls(): readonly string[] {
    return [...this.#indices.keys()];
  }

  /** A call with these arguments, in their order; one of them may be a call. */
  call(name: string, ...args: readonly unknown[]) {
    const callIndex = this.#indices.get(name);
    if (!callIndex) throw new BenchError('BENCH_WRONG_RESULT', `The runtime has no call ${name}`);
    return this.registry.createType('Call', { callIndex, args });
  }

  signed(signer: Account, nonce: number, call: { toU8a(): Uint8Array }): DecodedExtrinsic {
    const extra = [Uint8Array.of(0), compact(u32).encode(nonce), Uint8Array.of(0, 0)];
    const sender = [Uint8Array.of(0x84, 0), signer.publicKey, Uint8Array.of(1), new Uint8Array(64)];
    const body = Buffer.concat([...sender, ...extra, call.toU8a()]);
    const writer = new Writer(body.length + 4);
    writeCompact(writer, body.length);
    writer.raw(body);
    return this.#runtime.decodeExtrinsic(writer.finish());
  }
}
