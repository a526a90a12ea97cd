import { sshOptions } from './host-entry.ts';
import type { HostEntry } from './host-entry.ts';

/** A machine by the name that people type. */
export type NamedEntry = HostEntry & { readonly name: string };

const HEAD = '# Written by `hamster ssh-config`; changes are lost when it runs again.\n';

/** The file for ssh, of a block for each machine. */
export function configText(blocks: readonly string[]): string {
  return [HEAD, ...blocks].join('\n');
}

export function blockOf(entry: NamedEntry): string {
  const options = sshOptions(entry).map(([name, value]) => `  ${name} ${value}`);
  return [`Host ${entry.name}`, ...options, ''].join('\n');
}
