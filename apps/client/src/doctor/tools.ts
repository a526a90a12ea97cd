import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { sentenceOf } from '@hamster/daemon';
import { bad, ok, warn, type Finding } from './finding.ts';

const run = promisify(execFile);
const SSH_MS = 10_000;

interface Place {
  /** The hamster home. */
  readonly home: string;
  readonly userHome: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The system's own programs, and whether they know the machines. */
export async function checkTools({ home, userHome, env }: Place): Promise<Finding[]> {
  const [ssh, scp] = await Promise.all([programIn(env, 'ssh'), programIn(env, 'scp')]);
  return [
    ssh
      ? ok('ssh', `${ssh} is here.`)
      : warn(
          'ssh',
          'There is no ssh here; hamster ssh does without.',
          'Install OpenSSH’s client for plain ssh, scp and editors.',
        ),
    scp
      ? ok('scp', `${scp} is here.`)
      : bad(
          'scp',
          'There is no scp here, so hamster scp cannot copy.',
          'Install OpenSSH’s client (openssh-client).',
        ),
    (ssh === undefined ? undefined : await brokenConfig(ssh, env)) ?? (await checkInclude(home, userHome)),
  ];
}

/** Whether ssh itself can read its config: one word that it does not know there, and it connects to nobody. */
async function brokenConfig(ssh: string, env: Place['env']): Promise<Finding | undefined> {
  try {
    await run(ssh, ['-G', 'hamster'], { env: { ...env }, timeout: SSH_MS });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const [first = ''] = (said || sentenceOf(error)).split('\n');
    return bad(
      'ssh config',
      `ssh cannot use its config: ${first}`,
      'Mend that line. Until then: hamster ssh --builtin',
    );
  }
}

async function checkInclude(home: string, userHome: string): Promise<Finding> {
  const config = join(userHome, '.ssh', 'config');
  const written = join(home, 'ssh', 'config');
  const text = await readFile(config, 'utf8').catch(() => '');
  if (!text.split('\n').includes(`Include "${written}"`)) {
    return warn(
      'ssh config',
      `${config} does not include ${written}, so plain ssh does not know your machines.`,
      'If you want it: hamster ssh-config --include',
    );
  }
  const there = await access(written).then(
    () => true,
    () => false,
  );
  return there
    ? ok('ssh config', 'Plain ssh knows your machines as hamster-<lease>.')
    : warn('ssh config', `${written} is gone.`, 'Write it anew: hamster ssh-config');
}

/** Where the shell would find a program. */
export async function programIn(env: Place['env'], name: string): Promise<string | undefined> {
  for (const directory of (env['PATH'] ?? '').split(delimiter).filter((part) => part !== '')) {
    const path = join(directory, name);
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}
