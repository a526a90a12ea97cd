import { existsSync } from 'node:fs';
import type { SelfTestCheck, SelfTestReport } from '../driver.ts';
import { textOf } from '../errors.ts';
import { report } from '../host/checks.ts';
import { privateDirectory } from '../host/files.ts';
import { canOpenTerminals } from './server/terminal.ts';

export async function processSelfTest(machinesDir: string): Promise<SelfTestReport> {
  const checks = [
    linux(),
    await writable(machinesDir),
    tool('taskset', '/usr/bin/taskset'),
    terminals(),
    isolation(),
  ];
  return report(checks);
}

function linux(): SelfTestCheck {
  const passed = process.platform === 'linux';
  return { name: 'Linux', passed, level: 'required', detail: `this is ${process.platform}` };
}

async function writable(directory: string): Promise<SelfTestCheck> {
  const problem = await privateDirectory(directory).then(() => undefined, textOf);
  const detail = problem ?? `${directory} is ours`;
  return { name: 'state directory', passed: problem === undefined, level: 'required', detail };
}

function tool(name: string, path: string): SelfTestCheck {
  return { name, passed: existsSync(path), level: 'required', detail: `${path}, of package util-linux` };
}

function terminals(): SelfTestCheck {
  const detail = 'interactive logins use /usr/bin/script, of package bsdutils';
  return { name: 'terminals', passed: canOpenTerminals(), level: 'advice', detail };
}

function isolation(): SelfTestCheck {
  const detail = 'process machines are NOT isolated from this host: development chains only';
  return { name: 'isolation', passed: false, level: 'advice', detail };
}
