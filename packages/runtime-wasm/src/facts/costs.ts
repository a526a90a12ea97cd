import type { Weight } from '@hamster/frame';
import { RuntimeWasmError } from '../errors.ts';
import { callsIn, CLASS, type ClassSamples, isOfItsCalls } from './inner-class.ts';
import type { MetadataFacts } from './metadata.ts';
import { typeAt } from './metadata.ts';
import type { Oracle } from './oracle.ts';
import { callSample, listOf, type Sample, sampleOf } from './sample.ts';

/** A list among the arguments makes the call heavier: by `weight` at `from` items, and again for every `every` more. */
export interface ListCost {
  readonly field: number;
  readonly from: number;
  readonly every: number;
  readonly weight: Weight;
}

/** What a call costs, without the calls inside of it: these add their own. */
export interface CallCost {
  readonly weight: Weight;
  readonly class: number;
  /** Operational where all of the calls inside of it are, and there is one; else normal. */
  readonly isOfItsCalls: boolean;
  readonly pays: boolean;
  readonly lists: readonly ListCost[];
}

export interface CallFacts {
  readonly name: string;
  readonly index: number;
  /** Types of the arguments. */
  readonly fields: readonly number[];
  readonly cost: CallCost;
}

export interface PalletCalls {
  readonly index: number;
  readonly calls: readonly CallFacts[];
}

type WeightAt = (length: number) => Weight | undefined;

const PROBES = { bytes: 2048, items: 32 };

const isSame = (a: Weight, b: Weight): boolean => a.ref_time === b.ref_time && a.proof_size === b.proof_size;

const minus = (a: Weight, b: Weight, times = 1): Weight => ({
  ref_time: a.ref_time - b.ref_time * BigInt(times),
  proof_size: a.proof_size - b.proof_size * BigInt(times),
});

const plus = (a: Weight, b: Weight, times: number): Weight => minus(a, b, -times);

/** The first length behind `low` whose weight is another one; `high` is known to be such. */
const firstChange = (weightAt: (length: number) => Weight, low: number, high: number): number => {
  const before = weightAt(low);
  let [same, other] = [low, high];
  while (other - same > 1) {
    const middle = (same + other) >> 1;
    if (isSame(weightAt(middle), before)) same = middle;
    else other = middle;
  }
  return other;
};

/** How a weight grows with the length of a list, found by asking. Undefined when it does not. */
const growth = (
  weightAt: (length: number) => Weight,
  longest: number,
): Omit<ListCost, 'field'> | undefined => {
  const empty = weightAt(0);
  if (isSame(weightAt(longest), empty)) return undefined;
  const from = firstChange(weightAt, 0, longest);
  const weight = minus(weightAt(from), empty);
  const isLast = isSame(weightAt(longest), weightAt(from));
  return { from, every: isLast ? longest : firstChange(weightAt, from, longest) - from, weight };
};

const stepsAt = ({ from, every }: Omit<ListCost, 'field'>, length: number): number =>
  length < from ? 0 : Math.floor((length - from) / every) + 1;

/** @throws RuntimeWasmError WEIGHT_NOT_LINEAR: what was found at two lengths must hold at others. */
const ensureFits = (
  name: string,
  weightAt: (length: number) => Weight,
  cost: Omit<ListCost, 'field'>,
  longest: number,
) => {
  for (const length of [1, 2, 3, longest >> 2, (longest >> 1) + 1, longest]) {
    const expected = plus(weightAt(0), cost.weight, stepsAt(cost, length));
    if (length <= longest && !isSame(weightAt(length), expected)) {
      throw new RuntimeWasmError(
        'WEIGHT_NOT_LINEAR',
        `The weight of ${name} does not grow in equal steps with the length of its argument`,
      );
    }
  }
};

/** Asks the runtime what its calls cost. */
export class CostFinder {
  readonly #metadata: MetadataFacts;
  readonly #oracle: Oracle;
  readonly #inner: Weight;
  readonly #samples: ClassSamples;

  constructor(metadata: MetadataFacts, oracle: Oracle) {
    this.#metadata = metadata;
    this.#oracle = oracle;
    const normal = sampleOf(metadata, metadata.callType);
    this.#inner = this.#infoOf('the first call', normal).weight;
    this.#samples = { normal, operational: this.#operationalCall() ?? normal };
  }

  calls(): PalletCalls[] {
    const { types, callType } = this.#metadata;
    const { def } = typeAt(types, callType);
    if (def.tag !== 'variant') throw new RuntimeWasmError('METADATA_INCOMPLETE', 'RuntimeCall is no variant');
    return def.value.map(({ name, index, fields: [calls] }) => ({
      index,
      calls: calls ? this.#palletCalls(name, index, calls.type) : [],
    }));
  }

  /** The first call that is operational, whatever its arguments. */
  #operationalCall(): Sample | undefined {
    const { types, callType } = this.#metadata;
    const variantsOf = (type: number) => {
      const { def } = typeAt(types, type);
      return def.tag === 'variant' ? def.value : [];
    };
    for (const { index, fields } of variantsOf(callType)) {
      for (const call of fields.flatMap(({ type }) => variantsOf(type))) {
        const sample = callSample(
          index,
          call.index,
          call.fields.map(({ type }) => sampleOf(this.#metadata, type)),
        );
        if (this.#oracle.infoOf(sample.bytes)?.class === CLASS.operational) return sample;
      }
    }
    return undefined;
  }

  #palletCalls(pallet: string, palletIndex: number, type: number): CallFacts[] {
    const { def } = typeAt(this.#metadata.types, type);
    if (def.tag !== 'variant') throw new RuntimeWasmError('METADATA_INCOMPLETE', `${pallet} has no calls`);
    return def.value.map(({ name, index, fields }) => {
      const arguments_ = fields.map((field) => field.type);
      const cost = this.#cost(`${pallet}.${name}`, [palletIndex, index], arguments_);
      return { name: `${pallet}.${name}`, index, fields: arguments_, cost };
    });
  }

  #cost(name: string, [pallet, call]: readonly [number, number], fields: readonly number[]): CallCost {
    const samples = fields.map((type) => sampleOf(this.#metadata, type));
    const info = this.#infoOf(name, callSample(pallet, call, samples));
    const lists = fields.flatMap((type, field) => {
      const item = this.#itemOf(type);
      if (!item) return [];
      const weightAt = (length: number) =>
        this.#weightOf(callSample(pallet, call, samples.with(field, listOf(item.sample, length))));
      const cost = this.#listCost(name, weightAt, item.longest);
      return cost ? [{ ...cost, field }] : [];
    });
    return {
      weight: this.#own(info.weight, callSample(pallet, call, samples)),
      class: info.class,
      isOfItsCalls: fields.some((type, field) => {
        const kind = callsIn(this.#metadata, type);
        const classWith = (argument: Sample) =>
          this.#oracle.infoOf(callSample(pallet, call, samples.with(field, argument)).bytes)?.class;
        return kind !== undefined && isOfItsCalls(name, kind, this.#samples, classWith);
      }),
      pays: info.pays,
      lists,
    };
  }

  #listCost(name: string, ask: WeightAt, most: number): Omit<ListCost, 'field'> | undefined {
    const lengths = Array.from({ length: Math.log2(most) + 1 }, (_, power) => most >> power);
    const longest = lengths.find((length) => ask(length) !== undefined);
    if (longest === undefined) return undefined;
    const weightAt = (length: number): Weight => {
      const weight = ask(length);
      if (weight) return weight;
      throw new RuntimeWasmError('WEIGHT_NOT_LINEAR', `${name} takes no list of ${length} items`);
    };
    const cost = growth(weightAt, longest);
    if (cost) ensureFits(name, weightAt, cost, longest);
    return cost;
  }

  #itemOf(type: number): { readonly sample: Sample; readonly longest: number } | undefined {
    const { def } = typeAt(this.#metadata.types, type);
    if (def.tag !== 'sequence') return undefined;
    const sample = sampleOf(this.#metadata, def.value);
    return { sample, longest: sample.bytes.length === 1 ? PROBES.bytes : PROBES.items };
  }

  /** Without what the calls inside of it weigh. */
  #own(weight: Weight, { calls }: Sample): Weight {
    return minus(weight, this.#inner, calls);
  }

  #weightOf(sample: Sample): Weight | undefined {
    const info = this.#oracle.infoOf(sample.bytes);
    return info && this.#own(info.weight, sample);
  }

  #infoOf(name: string, { bytes }: Sample) {
    const info = this.#oracle.infoOf(bytes);
    if (info) return info;
    throw new RuntimeWasmError('METADATA_INCOMPLETE', `The runtime does not know the weight of ${name}`);
  }
}
