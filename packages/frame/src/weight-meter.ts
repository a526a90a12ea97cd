import { addWeights, fitsIn, NO_WEIGHT, type Weight } from './types/weight.ts';

/** A budget that work is charged to before it is done. */
export class WeightMeter {
  readonly limit: Weight;
  #consumed: Weight = NO_WEIGHT;

  constructor(limit: Weight) {
    this.limit = limit;
  }

  get consumed(): Weight {
    return this.#consumed;
  }

  /** Charges the weight, or charges nothing and says false when it doesn't fit. */
  tryConsume(weight: Weight): boolean {
    const total = addWeights(this.#consumed, weight);
    if (!fitsIn(total, this.limit)) return false;
    this.#consumed = total;
    return true;
  }
}
