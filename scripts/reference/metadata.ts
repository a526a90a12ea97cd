import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { MemoryState } from '@hamster/frame';
import { createRuntime, type HamsterRuntime, PRESETS } from '@hamster/runtime';

type Decoded = Extract<ReturnType<typeof metadataCodec.dec>['metadata'], { tag: 'v16' }>['value'];

export type Pallet = Decoded['pallets'][number];
export type Api = Decoded['apis'][number];
export type PortableType = Decoded['lookup'][number];

/** What the reference is made of: the metadata that clients get, and the runtime that serves it. */
export interface Source {
  readonly runtime: HamsterRuntime;
  /** The first state of a development chain. */
  readonly state: MemoryState;
  readonly lookup: readonly PortableType[];
  readonly pallets: readonly Pallet[];
  readonly apis: readonly Api[];
}

export interface Field {
  readonly name: string | undefined;
  readonly type: number;
  readonly docs: readonly string[];
}

export interface Variant {
  readonly name: string;
  readonly index: number;
  readonly docs: readonly string[];
  readonly fields: readonly Field[];
}

export function readSource(): Source {
  const runtime = createRuntime();
  const { metadata } = metadataCodec.dec(runtime.metadata(16));
  if (metadata.tag !== 'v16') throw new TypeError(`The runtime gave ${metadata.tag} where V16 was asked for`);
  const { lookup, pallets, apis } = metadata.value;
  const state = new MemoryState();
  for (const [key, entry] of runtime.genesis(PRESETS.dev)) state.put(key, entry);
  return { runtime, state, lookup, pallets, apis };
}

/** The arms of an enum: calls, events and errors of a pallet are such. */
export function variantsOf(
  { lookup }: Source,
  ref: { readonly type: number } | undefined,
): readonly Variant[] {
  const def = ref && lookup[ref.type]?.def;
  return def?.tag === 'variant' ? def.value : [];
}
