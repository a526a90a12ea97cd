import { access, constants } from 'node:fs/promises';
import http from 'node:http';
import { requirement } from '@hamster/libvirt/testing';
import type { Requirement } from '@hamster/libvirt/testing';
import { MachineError } from '../errors.ts';

const DOCKER_SOCKET = '/var/run/docker.sock';
const DOCKER_LIMIT_MS = 5_000;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Whether a Docker daemon answers on its usual socket. */
export function dockerRequirement(): Promise<Requirement> {
  return requirement('docker', () => {
    const answered = Promise.withResolvers<void>();
    const options = { socketPath: DOCKER_SOCKET, path: '/_ping', timeout: DOCKER_LIMIT_MS };
    const request = http.get(options, (response) => {
      response.resume();
      if (response.statusCode === 200) answered.resolve();
      else answered.reject(new MachineError('HostUnfit', `Docker answered ${response.statusCode}`));
    });
    request.once('timeout', () => request.destroy(new MachineError('HostUnfit', 'Docker does not answer')));
    request.once('error', answered.reject);
    return answered.promise;
  });
}

/** Whether a browser is installed for tests of web pages; its path is that of `chromiumPath`. */
export function chromiumRequirement(): Promise<Requirement> {
  return requirement('chromium', async () => {
    if ((await chromiumPath()) === undefined)
      throw new MachineError('HostUnfit', `none of ${BROWSERS.join(', ')} is there`);
  });
}

export async function chromiumPath(): Promise<string | undefined> {
  for (const path of BROWSERS) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
