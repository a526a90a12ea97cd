import { harmless, harmlessJson, harmlessLines } from './terminal/harmless.ts';

const LEVELS: Readonly<Record<number, readonly [label: string, colour: number]>> = {
  10: ['TRACE', 90],
  20: ['DEBUG', 36],
  30: ['INFO ', 32],
  40: ['WARN ', 33],
  50: ['ERROR', 31],
  60: ['FATAL', 35],
};

/** One of pino's JSON lines, for a person: time, level, message, then the fields. */
export function prettyLine(line: string, colour: boolean): string {
  const { level, time, name, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const [label, code] = LEVELS[Number(level)] ?? ['     ', 0];
  const tint = (text: string, of: number): string => (colour ? `\u001b[${of}m${text}\u001b[0m` : text);
  const words = [
    tint(new Date(Number(time)).toISOString().slice(11, 23), 90),
    tint(label, code),
    tint(String(name ?? ''), 90),
    harmless(String(msg ?? '')),
    ...Object.entries(fields).map(([key, value]) => tint(`${harmless(key)}=`, 90) + fieldText(value)),
  ];
  return `${words.filter((word) => word !== '').join(' ')}\n${errorText(err)}`;
}

function fieldText(value: unknown): string {
  const isWord = typeof value === 'string' && /^[^\s"\p{Cc}\p{Cf}]*$/u.test(value);
  return isWord ? value : harmlessJson(JSON.stringify(value));
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { stack, message } = error as { stack?: string; message?: string };
  const text = harmlessLines(stack ?? message ?? JSON.stringify(error));
  return `    ${text.replaceAll('\n', '\n    ')}\n`;
}
