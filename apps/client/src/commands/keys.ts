import { Argument, Command } from 'commander';
import { withMachine, type Machine } from '../access/machine.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { CliError, EXIT, usageError } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import { harmless } from '@hamster/daemon';
import { table } from '../format/table.ts';
import { namedKey } from '../ssh/key-files.ts';
import { fingerprintOf, parseKeyLine, sameKey } from '../ssh/public-key.ts';

const HELP = `
A key is named by its file, or by its line in quotes; to remove one, also by its fingerprint as listed.`;

export function keysCommand(run: Run): Command {
  return new Command('keys')
    .description('SSH keys that may log in to a rented machine')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .addArgument(new Argument('[action]', 'what to do').choices(['list', 'add', 'remove']).default('list'))
    .argument('[key]', 'which, for add and remove')
    .addHelpText('after', HELP)
    .action(run(keys));
}

async function keys(context: Context, id: number, action: string, which: string | undefined): Promise<void> {
  if (action === 'list') return list(context, id);
  if (which === undefined) throw usageError(`Name the key to ${action}: hamster keys ${id} ${action} <file>`);
  await withMachine(context, id, async (machine) => {
    const { keys: before } = await machine.ask({ name: 'ssh-keys' });
    const after = action === 'add' ? await withKey(before, which) : await withoutKey(id, before, which);
    const effect = await change(machine, before, after);
    if (context.settings.json) return context.print(toJson({ lease: id, keys: after, effect }));
    const when = effect === 'now' ? 'now' : `from the next start on; hamster reboot ${id} makes it so now`;
    context.print(
      `${after.length === 1 ? 'One key' : `${after.length} keys`} may log in to lease ${id} ${when}.`,
    );
  });
}

async function list(context: Context, id: number): Promise<void> {
  const { keys } = await withMachine(context, id, (machine) => machine.ask({ name: 'ssh-keys' }));
  if (context.settings.json) return context.print(toJson({ lease: id, keys }));
  context.print(
    table(keys, [
      { title: 'TYPE', value: (key) => key.split(' ')[0] ?? '' },
      { title: 'FINGERPRINT', value: fingerprint },
      { title: 'COMMENT', value: comment },
    ]),
  );
}

async function change(
  machine: Machine,
  before: readonly string[],
  after: string[],
): Promise<'now' | 'next-start'> {
  if (after.length === before.length) return 'now';
  return (await machine.ask({ name: 'set-ssh-keys', keys: after })).effect;
}

async function withKey(keys: readonly string[], which: string): Promise<string[]> {
  const key = await keyLine(which);
  return keys.some((known) => isSame(known, key)) ? [...keys] : [...keys, key];
}

/** The last key stays: nobody could log in any more, not even to add another. */
async function withoutKey(id: number, keys: readonly string[], which: string): Promise<string[]> {
  const unwanted = which.startsWith('SHA256:') ? undefined : await keyLine(which);
  const after = keys.filter((key) =>
    unwanted === undefined ? fingerprint(key) !== which : !isSame(key, unwanted),
  );
  if (after.length === keys.length) {
    throw usageError(`No such key may log in to lease ${id}. See which do with: hamster keys ${id}`);
  }
  if (after.length > 0) return after;
  throw new CliError(
    'LAST_KEY',
    `It is the only key of lease ${id}: without it nobody could log in. Add another first.`,
    EXIT.failure,
  );
}

async function keyLine(which: string): Promise<string> {
  if (!/^(ssh|ecdsa)-\S+ /.test(which)) return (await namedKey(which)).publicKey;
  parseKeyLine(which, 'It');
  return which.trim();
}

function isSame(one: string, other: string): boolean {
  return sameKey(parseKeyLine(one, 'A key of the machine'), parseKeyLine(other, 'The key'));
}

function fingerprint(line: string): string {
  return fingerprintOf(parseKeyLine(line, 'A key of the machine'));
}

function comment(line: string): string {
  return harmless(line.split(' ').slice(2).join(' '));
}
