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
  const config = await whereItIs(sshConfig());
  const text = await textOf(config);
  if (includes(text, path)) return;
  // It has to come before the first `Host`, or it would belong to that host.
  await writePrivateFile(config, `${lineFor(path)}\n${text}`);
}

/** Whether ~/.ssh/config includes `path`, as far as it can be read. */
export async function isIncluded(path: string): Promise<boolean> {
  return includes(await textOf(sshConfig()).catch(() => ''), path);
}

function sshConfig(): string {
  return join(homedir(), '.ssh', 'config');
}

function lineFor(path: string): string {
  return `Include "${path}"`;
}

function includes(text: string, path: string): boolean {
  return text.split('\n').includes(lineFor(path));
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
