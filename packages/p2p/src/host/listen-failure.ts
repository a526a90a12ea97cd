/** Why libp2p could not listen, of an error of its own that holds hints for programmers, an address a line, and stacks. */
export function listenFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first = '', ...lines] = message.split('\n').map((line) => line.trim());
  const reasons = lines
    .filter((line) => line !== '' && !line.startsWith('at '))
    .map((line) => line.replace(/^.*?: Error: (listen )?/, ''));
  return reasons.length > 0 ? [...new Set(reasons)].join('; ') : first;
}
