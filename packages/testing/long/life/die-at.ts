import child from 'node:child_process';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Moment } from './moment.ts';

/** Loaded into a daemon before anything else: kills it, as `kill -9` would, at the moment that the environment names. */
const moment = JSON.parse(process.env['HAMSTER_DIES_AT'] ?? '{}') as Moment;
const about = new RegExp(moment.about);
let left = moment.times ?? 1;

function isIt(call: Moment['call'], subject: string): boolean {
  return call === moment.call && about.test(subject) && --left === 0;
}

const die = (): void => void process.kill(process.pid, 'SIGKILL');

const { mkdir, rename, rm } = fs;
const { spawn } = child;

/** `work`, with a death before or after it. */
async function framed<T>(isMoment: boolean, work: () => Promise<T>): Promise<T> {
  if (isMoment && moment.when === 'before') die();
  const value = await work();
  if (isMoment) die();
  return value;
}

Object.assign(fs, {
  mkdir: (...given: Parameters<typeof mkdir>) =>
    framed(isIt('mkdir', String(given[0])), () => mkdir(...given)),
  rename: (...given: Parameters<typeof rename>) =>
    framed(isIt('rename', String(given[1])), () => rename(...given)),
  rm: (...given: Parameters<typeof rm>) => framed(isIt('rm', String(given[0])), () => rm(...given)),
});
Object.assign(child, {
  spawn: (...given: Parameters<typeof spawn>) => {
    const isMoment = isIt('spawn', [...given.flat().map(String), ''].join(' '));
    if (isMoment && moment.when === 'before') die();
    const started = spawn(...given);
    if (isMoment) die();
    return started;
  },
});
syncBuiltinESMExports();

const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (data) {
  const text = typeof data === 'string' ? data : '';
  if (isIt('send', text)) {
    if (moment.when === 'before') die();
    const { id } = JSON.parse(text) as { id: number };
    // The node has it once it answers, and the daemon does not hear that any more.
    this.addEventListener('message', (event) => {
      if (String(event.data).includes(`"id":${id},`)) die();
    });
  }
  send.call(this, data);
};
