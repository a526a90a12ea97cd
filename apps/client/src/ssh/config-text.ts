import { sshOptions } from './host-entry.ts';
import type { HostEntry } from './host-entry.ts';

/** A machine by the name that people type. */
export type NamedEntry = HostEntry & { readonly name: string };

const HEAD = '# Written by `hamster ssh-config`; changes are lost when it runs again.\n';

/** The file for ssh: a block for each of `entries`, after those of the hosts in `earlier` that are none of them. */
export function configText(entries: readonly NamedEntry[], earlier = ''): string {
  const names = new Set(entries.map(({ name }) => `Host ${name}`));
  const kept = blocksOf(earlier).filter((block) => !names.has(block.split('\n', 1)[0] ?? ''));
  return [HEAD, ...kept, ...entries.map(blockOf)].join('\n');
}

function blockOf(entry: NamedEntry): string {
  const options = sshOptions(entry).map(([name, value]) => `  ${name} ${value}`);
  return [`Host ${entry.name}`, ...options, ''].join('\n');
}

/** What follows a `Host`, up to the next one. */
function blocksOf(text: string): string[] {
  return text
    .split(/^(?=Host )/m)
    .filter((block) => block.startsWith('Host '))
    .map((block) => `${block.trimEnd()}\n`);
}
