import { harmless } from '@hamster/daemon';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly right?: boolean;
}

const GAP = '  ';

/** Rows as aligned columns under their titles; the text comes from strangers, so control characters are shown as "?". */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => harmless(value(row))));
  const lines = [columns.map(({ title }) => title), ...cells];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => align(cell, widths[i] ?? 0, columns[i]?.right === true))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

function align(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width);
}
