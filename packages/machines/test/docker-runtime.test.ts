import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { RuntimeJudge } from '../src/docker/runtime.ts';

/** A daemon with gVisor, in which the container of the probe ends so. */
function daemonWhere({
  status = 0,
  runtimes = ['runc', 'runsc'],
  root = '/var/lib/docker',
  refusal = '',
} = {}) {
  const configs: Docker.ContainerCreateOptions[] = [];
  let removed = 0;
  const container = {
    start: () => (refusal === '' ? Promise.resolve() : Promise.reject(new Error(refusal))),
    wait: () => Promise.resolve({ StatusCode: status }),
    remove: () => Promise.resolve((removed += 1)),
  };
  const api = {
    info: () =>
      Promise.resolve({
        DockerRootDir: root,
        Runtimes: Object.fromEntries(runtimes.map((name) => [name, {}])),
      }),
    createContainer: (config: Docker.ContainerCreateOptions) => {
      configs.push(config);
      return Promise.resolve(container);
    },
  };
  return { api: api as unknown as Docker, configs, removals: () => removed };
}

describe('gVisor', () => {
  it('is used where a program in it ended well and saw its network', async () => {
    const { api, configs, removals } = daemonWhere();
    expect(await new RuntimeJudge(api, 'auto').runtime('image')).toBe('runsc');
    expect(configs).toMatchObject([{ HostConfig: { Runtime: 'runsc', NetworkMode: 'bridge' } }]);
    expect(removals()).toBe(1);
  });

  it('is not used where that program failed, and the verdict says how', async () => {
    const { api, removals } = daemonWhere({ status: 1 });
    expect(await new RuntimeJudge(api, 'auto').verdict('image')).toEqual({
      runtime: 'runc',
      detail: expect.stringContaining('ended with status 1'),
    });
    expect(removals()).toBe(1);
  });

  it('tells what to do where it is too old for the kernel', async () => {
    const refusal = 'starting container: cannot run with network enabled in root network namespace: unknown';
    const { detail } = await new RuntimeJudge(daemonWhere({ refusal }).api, 'auto').verdict('image');
    expect(detail).toContain('install a newer runsc');
    expect(detail).toContain('"runtimeArgs": ["--network=host"]');
  });

  it('is not tried where the daemon has none', async () => {
    const { api, configs } = daemonWhere({ runtimes: ['runc'] });
    expect(await new RuntimeJudge(api, 'auto').runtime('image')).toBe('runc');
    expect(configs).toEqual([]);
  });
});

describe('root in a container', () => {
  it.each([
    ['/var/lib/docker', { uid: 0, gid: 0 }],
    ['/var/lib/docker/100000.100000', { uid: 100_000, gid: 100_000 }],
  ])(
    'is, where the daemon lives in %s, another account of the host only with user namespaces',
    async (root, owner) => {
      expect(await new RuntimeJudge(daemonWhere({ root }).api, 'auto').owner()).toEqual(owner);
    },
  );
});
