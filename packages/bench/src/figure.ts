/** One measured number, as it is printed. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with, measured in the same run; in the same unit. */
  readonly baseline: number | null;
  /** `value / baseline`: machines differ, ratios less so. */
  readonly ratio: number | null;
  /** What is wanted, such as "ratio >= 0.7" or "value <= 2"; null for a number that only informs. */
  readonly goal: string | null;
  readonly met: boolean | null;
}

export interface Goal {
  readonly of: 'ratio' | 'value';
  readonly is: '>=' | '<=';
  readonly limit: number;
}

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly goal?: Goal;
}

/** Four digits are more than any of these measurements can promise. */
const rounded = (value: number): number => Number(value.toPrecision(4));

export function figure({ name, value, unit, baseline, goal }: Measurement): Figure {
  const ratio = baseline === undefined ? null : value / baseline;
  return {
    name,
    value: rounded(value),
    unit,
    baseline: baseline === undefined ? null : rounded(baseline),
    ratio: ratio === null ? null : rounded(ratio),
    goal: goal ? `${goal.of} ${goal.is} ${goal.limit}` : null,
    met: goal ? isMet(goal, goal.of === 'ratio' ? ratio : value) : null,
  };
}

function isMet({ is, limit }: Goal, actual: number | null): boolean {
  if (actual === null) return false;
  return is === '>=' ? actual >= limit : actual <= limit;
}
