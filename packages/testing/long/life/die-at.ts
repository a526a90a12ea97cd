import child from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
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

/** "remote" of libvirt's protocol; a packet's header is length, program, version, procedure, type, serial, status: u32 each. */
const LIBVIRT_PROGRAM = 0x20008086;
const HEADER_BYTES = 28;
const CALL = 0;
const REPLY = 1;

/** The beginning of libvirt's answer to this packet, from its procedure on; undefined for what is no call. */
function answerTo(packet: unknown): { readonly procedure: string; readonly answer: Buffer } | undefined {
  if (!(packet instanceof Uint8Array) || packet.length < HEADER_BYTES) return undefined;
  const bytes = Buffer.from(packet);
  if (bytes.readUInt32BE(4) !== LIBVIRT_PROGRAM || bytes.readUInt32BE(16) !== CALL) return undefined;
  const answer = Buffer.from(bytes.subarray(12, 24));
  answer.writeUInt32BE(REPLY, 4);
  return { procedure: String(bytes.readUInt32BE(12)), answer };
}

if (moment.call === 'libvirt') {
  const prototype = net.Socket.prototype as { write: (...given: unknown[]) => boolean };
  const { write } = prototype;
  prototype.write = function (this: net.Socket, ...given) {
    const call = answerTo(given[0]);
    if (call && isIt('libvirt', call.procedure)) {
      if (moment.when === 'before') die();
      this.prependListener('data', (chunk: Buffer) => {
        if (chunk.includes(call.answer)) die();
      });
    }
    return write.apply(this, given);
  };
}
