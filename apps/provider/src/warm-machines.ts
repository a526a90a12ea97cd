import { DaemonError, EXIT_USAGE, sentenceOf, type Logger } from '@hamster/daemon';
import type { MachineDriver, WarmWish } from '@hamster/machines';
import { setTimeout as delay } from 'node:timers/promises';

/** How the setting writes a wish: image, cores, MiB of memory, and how many. */
export const WARM_PATTERN = '^[a-z0-9][a-z0-9.-]*:[1-9]\\d{0,3}:[1-9]\\d{0,7}:[1-9]\\d?$';
const INTERVAL_MS = 15_000;

/** Reads "debian-12:1:1024:2". The disk is the smallest that the image takes, since it grows with the order. */
export async function warmWishes(texts: readonly string[], driver: MachineDriver): Promise<WarmWish[]> {
  if (texts.length === 0) return [];
  if (driver.prepare === undefined) throw usage('WARM_UNSUPPORTED', unsupportedBy(driver));
  const images = await driver.images();
  return texts.map((text) => {
    const [image = '', cores, memory, count] = text.split(':');
    const known = images.find(({ name }) => name === image);
    if (known === undefined)
      throw usage('WARM_IMAGE_UNKNOWN', `There is no image ${image} to boot ahead. Build it first.`);
    const spec = { cpuCores: Number(cores), memoryMib: Number(memory), diskGib: known.minDiskGib };
    return { image, spec, count: Number(count) };
  });
}

export interface WarmModules {
  readonly driver: MachineDriver;
  /** What to boot ahead, as the setting writes it. */
  readonly wishes: readonly string[];
  /** Whether machines can be made on this host at present. */
  readonly isFit: () => boolean;
  readonly log: Logger;
  readonly intervalMs?: number;
}

/**
 * Keeps machines booted ahead until `signal` fires: each that an order takes is followed by another. None is kept while no order can
 * come for it, and what is missing for one may come back, so that each look reads anew what can be had. Without wishes it removes what
 * an earlier setting left, and ends. Never rejects.
 */
export async function keepWarm(modules: WarmModules, signal: AbortSignal): Promise<void> {
  const { wishes, log, intervalMs = INTERVAL_MS } = modules;
  let told = '';
  while (!signal.aborted) {
    const problem = await prepareOnce(modules, signal).then(() => '', sentenceOf);
    if (signal.aborted) return;
    // The same sentence every quarter of a minute would drown everything else.
    if (problem && problem !== told) log.warn({ reason: problem }, 'machines could not be booted ahead');
    told = problem;
    if (wishes.length === 0 && told === '') return;
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function prepareOnce({ driver, wishes, isFit }: WarmModules, signal: AbortSignal): Promise<void> {
  const wanted = isFit() ? await warmWishes(wishes, driver) : [];
  await driver.prepare?.(wanted, signal);
}

function unsupportedBy({ kind }: MachineDriver): string {
  const what = kind === 'docker' ? 'container is there within a second' : 'process is there at once';
  return `The ${kind} driver boots no machines ahead, as a ${what} without it. Leave --warm out.`;
}

function usage(code: string, message: string): DaemonError {
  return new DaemonError(code, message, { exitCode: EXIT_USAGE });
}
