import { describe, expect, it } from 'vitest';
import { Counter, Gauge, Histogram, Registry } from '../src/index.ts';
import { readExposition } from '../src/testing/index.ts';

describe('what Prometheus reads', () => {
  it('is read as it was written, whatever stands in a label', async () => {
    const registry = new Registry();
    const registers = [registry];
    new Gauge({ name: 'a_gauge', help: 'Two\nlines', labelNames: ['of'], registers }).set(
      { of: 'a "b",c="\\\n' },
      -1.5e-7,
    );
    new Counter({ name: 'a_total', help: 'Counts', registers }).inc(2);
    const sizes = new Histogram({
      name: 'sizes',
      help: 'Sizes',
      labelNames: ['of'],
      buckets: [1, 2],
      registers,
    });
    sizes.observe({ of: 'x' }, 1.5);
    const families = readExposition(await registry.metrics());
    expect([...families].map(([name, { type, samples }]) => [name, type, samples.length])).toEqual([
      ['a_gauge', 'gauge', 1],
      ['a_total', 'counter', 1],
      ['sizes', 'histogram', 5],
    ]);
    expect(families.get('a_gauge')?.samples).toEqual([
      { name: 'a_gauge', labels: { of: String.raw`a \"b\",c=\"\\\n` }, value: -1.5e-7 },
    ]);
  });

  const told = '# HELP a_total Counts\n# TYPE a_total counter\n';
  it.each([
    ['a last line that is cut off', `${told}a_total 1`],
    ['no help', '# TYPE a_total counter\na_total 1\n'],
    ['no type', '# HELP a_total Counts\na_total 1\n# HELP b_total Counts\n'],
    ['a type told twice', `${told}# TYPE a_total counter\na_total 1\n`],
    ['a help told twice', `${told}a_total 1\n${told}`],
    ['a type that there is not', '# HELP a A\n# TYPE a number\na 1\n'],
    ['a series told twice', `${told}a_total{b="1",c="2"} 1\na_total{c="2",b="1"} 1\n`],
    ['a label told twice', `${told}a_total{b="1",b="2"} 1\n`],
    ['a label with an open end', `${told}a_total{b="1} 1\n`],
    ['a value that is no number', `${told}a_total undefined\n`],
    ['a counter that went below nothing', `${told}a_total -1\n`],
    ['a counter without its ending', '# HELP a Counts\n# TYPE a counter\na 1\n'],
    ['a gauge that is named as if it counted', '# HELP a_total A\n# TYPE a_total gauge\na_total 1\n'],
    ['what belongs to another metric', `${told}b_total 1\n`],
    [
      'buckets that shrink',
      '# HELP h H\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    ],
    ['buckets without the last', '# HELP h H\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_sum 1\nh_count 2\n'],
  ])('is refused with %s', (_, text) => {
    expect(() => readExposition(text)).toThrow();
  });
});
