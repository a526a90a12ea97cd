import { readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sentenceOf, writePrivateFile } from '@hamster/daemon';
import { CliError } from '../cli/errors.ts';

/**
 * Has the person's ~/.ssh/config include `path`, once. Throws CliError `SSH_CONFIG_UNREADABLE`, and then nothing was written: what
 * cannot be read would be lost.
 */
export async function includeInSshConfig(path: string): Promise<void> {
  const config = await whereItIs(join(homedir(), '.ssh', 'config'));
  const line = `Include "${path}"`;
  const text = await textOf(config);
  if (text.split('\n').includes(line)) return;
  // It has to come before the first `Host`, or it would belong to that host.
  await writePrivateFile(config, `${line}\n${text}`);
}

/** People keep it elsewhere, with a link to it: the link has to stay one. */
async function whereItIs(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return path;
    throw unreadable(path, error);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw unreadable(path, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unreadable(path: string, error: unknown): CliError {
  const message = `Cannot read ${path}, so nothing was written to it: ${sentenceOf(error)}.`;
  return new CliError('SSH_CONFIG_UNREADABLE', message, undefined, error);
}
