import type { Palette } from './palette.ts';

/** `inkSoft` is `--ink-soft` for the stylesheets. */
export function cssVariables(palette: Palette): [name: string, value: string][] {
  return Object.entries(palette).map(([name, value]) => [`--${kebab(name)}`, String(value)]);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
