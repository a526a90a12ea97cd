import { randomBytes } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SelfTestCheck } from '../driver.ts';
import { check } from '../host/checks.ts';
import { hostResources } from '../host/host-resources.ts';
import type { KvmVerdict } from './kvm-probe.ts';

const NESTED = ['/sys/module/kvm_intel/parameters/nested', '/sys/module/kvm_amd/parameters/nested'];
const MIB = 1024 ** 2;
const SAMPLE_MIB = 64;
/** Below this, machines wait for each other's disks. */
const SLOW_MIB_PER_SECOND = 100;
const RESERVE_MIB = 1024;

/** What the host has and how fast it is, each with what to change. */
export async function hardwareChecks(directory: string, kvm: KvmVerdict): Promise<SelfTestCheck[]> {
  return [kvmCheck(kvm), await nestedCheck(kvm), await sizeCheck(directory), await diskSpeedCheck(directory)];
}

function kvmCheck({ works, detail }: KvmVerdict): SelfTestCheck {
  const advice =
    'Machines would run five to fifty times slower, and the offer says that they are emulated. Enable virtualization ' +
    '(VT-x or AMD-V) in the firmware; on a rented server, ask for nested virtualization; load kvm_intel or kvm_amd';
  return { name: 'KVM', passed: works, level: 'advice', detail: works ? detail : `${detail}. ${advice}` };
}

async function nestedCheck({ works }: KvmVerdict): Promise<SelfTestCheck> {
  const values = await Promise.all(NESTED.map((path) => readFile(path, 'latin1').catch(() => '')));
  const passed = works && values.some((value) => /^[1Y]/.test(value));
  const detail = passed
    ? 'renters may run virtual machines in theirs'
    : 'renters cannot run virtual machines in theirs';
  return { name: 'nested virtualization', passed, level: 'advice', detail };
}

async function sizeCheck(directory: string): Promise<SelfTestCheck> {
  const { cpuCores, memoryMib } = await hostResources(directory);
  const passed = cpuCores >= 2 && memoryMib >= 2 * RESERVE_MIB;
  const missing = passed
    ? ''
    : ': one core and a GiB of memory beyond what is rented out should stay with the host';
  return {
    name: 'cores and memory',
    passed,
    level: 'advice',
    detail: `${cpuCores} cores, ${memoryMib} MiB${missing}`,
  };
}

// Written through to the device, of bytes that nothing can compress.
async function diskSpeedCheck(directory: string): Promise<SelfTestCheck> {
  const path = join(directory, `.speed-${randomBytes(6).toString('hex')}`);
  let speed = 0;
  const result = await check(
    'disk speed',
    async () => {
      speed = await writeSpeed(path);
      return `${speed} MiB/s written in ${directory}`;
    },
    'advice',
  );
  await rm(path, { force: true });
  if (!result.passed || speed >= SLOW_MIB_PER_SECOND) return result;
  return {
    ...result,
    passed: false,
    detail: `${result.detail}: put the state directory on a solid-state disk`,
  };
}

async function writeSpeed(path: string): Promise<number> {
  const chunk = randomBytes(MIB);
  const file = await open(path, 'wx', 0o600);
  try {
    const started = performance.now();
    for (let count = 0; count < SAMPLE_MIB; count += 1) await file.write(chunk);
    await file.datasync();
    return Math.round((SAMPLE_MIB * 1000) / (performance.now() - started));
  } finally {
    await file.close();
  }
}
