import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COUNT = 24;

interface Row {
  readonly lesson: number;
  readonly rule: string;
  readonly files: readonly string[];
}

/** The table of the register: number, defect, rule, files. */
const rows: readonly Row[] = readFileSync(`${ROOT}docs/lessons.md`, 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [, lesson, , rule = '', files = ''] = line.split('|').map((cell) => cell.trim());
    return {
      lesson: Number(lesson),
      rule,
      files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    };
  });

/** Numbers of the lessons that titles of tests in a file name: `lesson 4: …` inside of quotes. */
const lessonsOf = (file: string): Set<number> =>
  new Set(
    [...readFileSync(`${ROOT}${file}`, 'utf8').matchAll(/['"`][^'"`\n]*\blesson (\d+)\b[^'"`\n]*['"`]/g)].map(
      ([, lesson]) => Number(lesson),
    ),
  );

const testFiles = globSync('{packages,apps}/*/{test,e2e,long,src/testing}/**/*.ts', {
  cwd: ROOT,
  exclude: (path) => path.includes('node_modules'),
}).filter((file) => !file.endsWith('testing/test/lessons.test.ts'));

describe('the register of lessons', () => {
  it('has a rule and a test for each of the lessons', () => {
    expect(rows.map(({ lesson }) => lesson)).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
    for (const { rule, files } of rows) {
      expect(rule).not.toBe('');
      expect(files).not.toEqual([]);
    }
  });

  it.each(rows)('lesson $lesson is named by a test in each file of its row', ({ lesson, files }) => {
    for (const file of files) expect(lessonsOf(file), file).toContain(lesson);
  });

  it('knows every test that names a lesson', () => {
    expect(testFiles.length).toBeGreaterThan(50);
    for (const file of testFiles) {
      for (const lesson of lessonsOf(file)) {
        expect(rows.find((row) => row.lesson === lesson)?.files, `lesson ${lesson}`).toContain(file);
      }
    }
  });
});
