import { expect } from 'vitest';

/** What Prometheus reads of one metric. */
export interface MetricFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly MetricSample[];
}

export interface MetricSample {
  /** The family's, or with `_bucket`, `_sum` or `_count` behind it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Reading {
  readonly help: string;
  type?: string;
  readonly samples: MetricSample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
const HELP = new RegExp(String.raw`^# HELP (${NAME}) ((?:[^\\]|\\[\\n])+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(String.raw`^(${NAME})(?:\{(${LABEL}(?:,${LABEL})*)\})? (\S+)$`);
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|NaN|[+-]Inf)$/i;
const PARTS: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Reads the text exposition format 0.0.4 more strictly than Prometheus does: every metric has its help and its type, in this order and
 * once, all that belongs to it stands together, no series comes twice, and counters and histograms count. Fails at the first line that is not so.
 * `foreign` are the names that somebody else has given, who may do as they like with suffixes.
 */
export function readExposition(text: string, foreign: readonly string[] = []): Map<string, MetricFamily> {
  expect(text.endsWith('\n'), 'the last line is ended').toBe(true);
  const families = new Map<string, Reading>();
  const series = new Set<string>();
  let current = '';
  for (const line of text.split('\n').filter((one) => one !== '')) {
    current = readLine(line, { families, series, current });
  }
  const whole = new Map([...families].map(([name, reading]) => [name, finished(name, reading)]));
  for (const [name, family] of whole) expectToCount(name, family, foreign);
  return whole;
}

interface Place {
  readonly families: Map<string, Reading>;
  readonly series: Set<string>;
  readonly current: string;
}

/** Hands back the family to which the line belongs. */
function readLine(line: string, place: Place): string {
  const [, helped, help = ''] = HELP.exec(line) ?? [];
  if (helped !== undefined) {
    expect(place.families.has(helped), `${line}: told before`).toBe(false);
    place.families.set(helped, { help, samples: [] });
    return helped;
  }
  const family = place.families.get(place.current) ?? expect.fail(`${line}: nothing was told of it before`);
  const [, typed, type] = TYPE.exec(line) ?? [];
  if (type === undefined) family.samples.push(readSample(line, family, place));
  else {
    expect([typed, family.type], `${line}: its type is told once, after its help`).toEqual([
      place.current,
      undefined,
    ]);
    family.type = type;
  }
  return place.current;
}

function readSample(line: string, { type = '' }: Reading, { series, current }: Place): MetricSample {
  const [, name = '', labelText = '', value = ''] =
    SAMPLE.exec(line) ?? expect.fail(`no line of metrics: ${line}`);
  const names = (PARTS[type] ?? ['']).map((part) => current + part);
  expect(names, `${line} stands under ${current}, a ${type}`).toContain(name);
  expect(value, line).toMatch(VALUE);
  const labels = [...labelText.matchAll(new RegExp(LABEL, 'g'))].map(([label]) => label.split(/=(.*)/s, 2));
  const keys = labels.map(([key]) => key);
  expect(new Set(keys).size, `${line}: each label once`).toBe(keys.length);
  const key = `${name} ${labels
    .map((label) => label.join('='))
    .sort()
    .join(',')}`;
  expect(series.has(key), `${line}: told twice`).toBe(false);
  series.add(key);
  return {
    name,
    labels: Object.fromEntries(labels.map(([label, text = '']) => [label, text.slice(1, -1)])),
    value: numberOf(value),
  };
}

function numberOf(value: string): number {
  return Number(value.replace(/Inf$/, 'Infinity'));
}

function finished(name: string, { help, type, samples }: Reading): MetricFamily {
  return { help, type: type ?? expect.fail(`${name} has no type`), samples };
}

function expectToCount(name: string, { type, samples }: MetricFamily, foreign: readonly string[]): void {
  if (type === 'gauge' && !foreign.includes(name))
    expect(name, 'a gauge that is named as if it counted').not.toMatch(/_(total|count|sum|bucket)$/);
  if (type === 'counter') {
    if (!foreign.includes(name)) expect(name).toMatch(/_total$/);
    for (const { value } of samples)
      expect(value, name).toSatisfy((n: number) => Number.isFinite(n) && n >= 0);
  }
  if (type === 'histogram') expectBuckets(name, samples);
}

/** For each set of labels: buckets that grow up to the one for everything, which is the count. */
function expectBuckets(name: string, samples: readonly MetricSample[]): void {
  const groups = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) => JSON.stringify(rest));
  for (const [labels, group] of groups) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels: { le = '' } }) => numberOf(le));
    const counts = buckets.map(({ value }) => value);
    const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
    expect([bounds, counts], name + labels).toEqual([ascending(bounds), ascending(counts)]);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    expect([bounds.at(-1), counts.at(-1)], name + labels).toEqual([Infinity, count]);
  }
}
