import type { Figure } from './figure.ts';

export const jsonLine = (figure: Figure): string => JSON.stringify(figure);

const COLUMNS = [
  ['figure', 34],
  ['value', 20],
  ['baseline', 12],
  ['ratio', 9],
  ['goal', 16],
  ['met', 4],
] as const;

export const tableHead = (): string => row(COLUMNS.map(([title]) => title));

export const tableRow = ({ name, value, unit, baseline, ratio, goal, met }: Figure): string =>
  row([
    name,
    `${value} ${unit}`,
    String(baseline ?? '-'),
    String(ratio ?? '-'),
    goal ?? '-',
    met === null ? '-' : met ? 'yes' : 'no',
  ]);

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => cell.padEnd(COLUMNS[index]?.[1] ?? 0))
    .join(' ')
    .trimEnd();
