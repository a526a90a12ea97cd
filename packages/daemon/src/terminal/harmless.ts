/**
 * What nobody sees in a text, but a terminal obeys: it moves a cursor, colours or turns around words, sets a title, answers. The two joiners
 * (U+200C, U+200D) do nothing of that, and belong to the letters of some scripts and to many emoji.
 */
const UNSEEN = /(?![\u{200c}\u{200d}])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text that may be a stranger's, as one line that can be shown. */
export function harmless(text: string): string {
  return text.replace(UNSEEN, '?');
}

/** The same for several lines. */
export function harmlessLines(text: string): string {
  return text.replace(UNSEEN, (unseen) => (unseen === '\n' || unseen === '\t' ? unseen : '?'));
}

/** JSON of the same value. What `JSON.stringify` writes as it is, of what a terminal obeys, is escaped. */
export function harmlessJson(json: string): string {
  return json.replace(UNSEEN, (unseen) => (unseen === '\n' ? unseen : escaped(unseen)));
}

/** A line, or several, of what a command has to say. */
export function printLine(text: string): void {
  process.stdout.write(`${harmlessLines(text)}\n`);
}

function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
