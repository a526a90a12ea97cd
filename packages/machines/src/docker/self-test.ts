import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SelfTestCheck, SelfTestReport } from '../driver.ts';
import { check, report } from '../host/checks.ts';
import { privateDirectory } from '../host/files.ts';
import { isContainerImage } from '../images/select.ts';
import type { Engine } from './engine.ts';
import { ensureFirewall } from './firewall.ts';
import { ensureImage, imageTag } from './images.ts';
import { DEFAULT_LIMITS } from './options.ts';
import type { DockerDriverModules } from './options.ts';
import { diskRateProblem, tryShaping } from './rates.ts';
import type { RuntimeJudge } from './runtime.ts';
import { Volumes } from './volume.ts';

export type SelfTestSubject = {
  engine: Engine;
  judge: RuntimeJudge;
  modules: DockerDriverModules;
  directory: string;
  signal: AbortSignal;
};

type Info = { SecurityOptions?: string[]; ServerVersion?: string; PidsLimit?: boolean; SwapLimit?: boolean };

/** Whether this host can serve containers, and what would make their walls stronger. */
export async function dockerSelfTest(subject: SelfTestSubject): Promise<SelfTestReport> {
  const { engine, modules, directory, signal } = subject;
  let info: Info = {};
  const reached = await check('Docker', async () => {
    info = await engine.use('asking Docker', signal, (api) => api.info() as Promise<Info>);
    return `version ${info.ServerVersion ?? 'unknown'}`;
  });
  if (!reached.passed) return report([reached]);
  return report([
    reached,
    await images(subject),
    await check('firewall', () => firewall(modules, signal)),
    await check('limited disks', () => disks(modules, directory, signal)),
    ...features(info),
    ...(await rates(modules, signal)),
    await runtime(subject),
  ]);
}

async function images({ modules }: SelfTestSubject): Promise<SelfTestCheck> {
  const names = (await modules.catalogue.list()).filter(isContainerImage).map(({ name }) => name);
  const passed = names.length > 0;
  const detail = passed ? names.join(', ') : 'none is built yet: hamster-provider image build container-tiny';
  return { name: 'images', passed, level: 'required', detail };
}

async function firewall({ run }: DockerDriverModules, signal: AbortSignal): Promise<string> {
  await ensureFirewall(run, signal);
  return 'machines are kept from this host, its network and each other';
}

// By doing once what every machine needs: the root account, a loop device and e2fsprogs.
async function disks({ run }: DockerDriverModules, directory: string, signal: AbortSignal): Promise<string> {
  await privateDirectory(directory);
  const scratch = await mkdtemp(join(directory, '.test-'));
  const volume = { disk: join(scratch, 'disk.ext4'), data: join(scratch, 'data') };
  const volumes = new Volumes(run);
  try {
    await volumes.make(volume, 1, { uid: 0, gid: 0 }, signal);
    await volumes.mount(volume, signal);
    return 'each machine has a file system of its own size';
  } finally {
    await volumes.remove(volume, signal);
    await rm(scratch, { recursive: true, force: true });
  }
}

function features({ SecurityOptions = [], PidsLimit, SwapLimit }: Info): SelfTestCheck[] {
  const has = (name: string): boolean => SecurityOptions.some((option) => option.includes(`name=${name}`));
  const advice = (name: string, passed: boolean, missing: string): SelfTestCheck => {
    return { name, passed, level: 'advice', detail: passed ? 'on' : missing };
  };
  return [
    {
      ...advice('limit of processes', PidsLimit === true, 'the kernel has no pids cgroup'),
      level: 'required',
    },
    advice(
      'limit of swap',
      SwapLimit === true,
      'a machine may swap beyond its memory: boot with swapaccount=1',
    ),
    advice(
      'system call filter',
      has('seccomp'),
      'the daemon has no seccomp: machines may call all of the kernel',
    ),
    advice(
      'user namespaces',
      has('userns'),
      'root in a machine is root of this kernel: set "userns-remap": "default" in daemon.json',
    ),
  ];
}

async function rates({ run }: DockerDriverModules, signal: AbortSignal): Promise<SelfTestCheck[]> {
  const shaping = await check('limit of traffic', async () => {
    await tryShaping(run, DEFAULT_LIMITS, signal);
    return 'on, both ways';
  });
  const problem = await diskRateProblem();
  const disk = { name: 'limit of the disk’s rate', passed: problem === undefined, detail: problem ?? 'on' };
  return [
    { ...shaping, level: 'advice' },
    { ...disk, level: 'advice' },
  ];
}

async function runtime({ engine, judge, modules, signal }: SelfTestSubject): Promise<SelfTestCheck> {
  const name = 'gVisor';
  const image = (await modules.catalogue.list()).find(isContainerImage);
  if (image === undefined)
    return { name, passed: false, level: 'advice', detail: 'not tried without an image' };
  judge.forget();
  return engine.use('trying runsc', signal, async (api) => {
    await ensureImage(api, modules.catalogue, image, signal);
    const verdict = await judge.verdict(imageTag(image));
    return { name, passed: verdict.runtime !== 'runc', level: 'advice', detail: verdict.detail };
  });
}
