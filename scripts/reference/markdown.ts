/** Lines of documentation as one paragraph of text. */
export const paragraph = (docs: readonly string[]): string =>
  docs
    .map((line) => line.trim())
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export const code = (text: string): string => `\`${text}\``;

/** A table, or nothing where it would be empty. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A heading with its content, or nothing where there is no content. */
export const section = (title: string, content: string): string =>
  content.trim() === '' ? '' : `## ${title}\n\n${content}`;

export const page = (...parts: readonly string[]): string =>
  `${parts.filter((part) => part.trim() !== '').join('\n\n')}\n`;

export const GENERATED =
  '<!-- Made from the metadata by `pnpm docs:reference`. Change the docs in the code instead. -->';
