import { DaemonError, EXIT_USAGE, sentenceOf } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import type { Config } from '../config.ts';
import { imageMissing, missingImages, offeredImages } from '../offering.ts';
import type { SelfTestOutcome } from '../self-tests.ts';

/** Whether this host can make the machines that it offers. */
export interface Fitness {
  readonly selfTest: SelfTestOutcome;
  /** Why it can make none at present. */
  readonly obstacle: DaemonError | undefined;
  /** Why it cannot make some of those that its settings name. */
  readonly lack: DaemonError | undefined;
}

type Settings = Pick<Config, 'allowEmulation' | 'images'>;

/** Judges by what the self-test found and by the images that are here. */
export async function fitnessOf(
  driver: MachineDriver,
  settings: Settings,
  selfTest: SelfTestOutcome,
): Promise<Fitness> {
  try {
    const obstacle = (await whyUnfit(driver, settings, selfTest)) ?? (await whyNoImage(driver, settings));
    const [missing] = await missingImages(settings, driver);
    return { selfTest, obstacle, lack: missing === undefined ? undefined : imageMissing(missing) };
  } catch (error) {
    return { selfTest, obstacle: unfit(sentenceOf(error)), lack: undefined };
  }
}

/** Throws what stands in the way: a newcomer promises nothing that it cannot keep. */
export function requireFit({ obstacle, lack }: Fitness): void {
  const reason = obstacle ?? lack;
  if (reason !== undefined) throw reason;
}

/** One thing that is amiss; `stops` tells whether no order at all can be carried out. */
export interface Hindrance {
  readonly stops: boolean;
  /** A sentence: what, and what to do. */
  readonly detail: string;
}

export function hindrancesOf({ obstacle, lack }: Fitness): Hindrance[] {
  const found = obstacle === undefined ? [] : [{ stops: true, detail: obstacle.message }];
  if (lack === undefined || lack.message === obstacle?.message) return found;
  return [...found, { stops: false, detail: lack.message }];
}

async function whyUnfit(
  driver: MachineDriver,
  { allowEmulation }: Settings,
  selfTest: SelfTestOutcome,
): Promise<DaemonError | undefined> {
  if ('error' in selfTest) return unfit(selfTest.error);
  const { passed, checks } = selfTest.report;
  const failed = checks.filter((check) => !check.passed && check.level === 'required');
  if (!passed) return unfit(failed.map(({ detail }) => detail).join('; '));
  const { virtualization } = await driver.capacity();
  if (virtualization !== 'Emulated' || allowEmulation) return undefined;
  return new DaemonError(
    'EMULATION_REFUSED',
    'KVM does not work on this host, so virtual machines would be emulated and slow. Enable virtualization in the firmware, or offer them all the same with --allow-emulation.',
    { exitCode: EXIT_USAGE },
  );
}

async function whyNoImage(driver: MachineDriver, settings: Settings): Promise<DaemonError | undefined> {
  if ((await offeredImages(settings, driver)).length > 0) return undefined;
  const [missing] = await missingImages(settings, driver);
  return imageMissing(missing);
}

function unfit(reasons: string): DaemonError {
  return new DaemonError('HOST_UNFIT', `This host cannot serve: ${reasons}`);
}
