import type { MachineSpec, ProviderParameters, Resource } from '@hamster/chain-client';
import { minListingStake } from '@hamster/chain-client/market';
import { DaemonError, sentenceOf, type Logger } from '@hamster/daemon';
import type { Capacity, MachineDriver } from '@hamster/machines';
import type { Config } from './config.ts';
import { planckOf } from './ham.ts';
import type { Words } from './operator/last-words.ts';
import type { Offering } from './registration/plan-registration.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The offer is listed with half of the stake; the other half secures leases as collateral. */
const STAKE_FACTOR = 2n;

const NOTHING: MachineSpec = { cpuCores: 0, memoryMib: 0, diskGib: 0 };

/** When and for whom an offer is put together. */
export interface Moment {
  readonly peerId: string;
  readonly chainTime: number;
  readonly words: Words;
  /** What of this machine stands in the market already; undefined for a newcomer. */
  readonly listed: Pick<Resource, 'capacity' | 'images' | 'virtualization' | 'cpuModel'> | undefined;
  readonly log: Pick<Logger, 'warn'>;
}

/** What stands in the market: what the host can give, less what the operator keeps, at the operator's prices. */
export async function offeringOf(config: Config, driver: MachineDriver, at: Moment): Promise<Offering> {
  const { words } = at;
  const host = await hostIfTold(driver, at);
  return {
    peerId: at.peerId,
    capacity: words.capacity ?? offeredOrListed(config, host, at),
    prices: words.prices ?? {
      cpuCoreHour: planckOf(config.price.core),
      memoryGibHour: planckOf(config.price.memory),
      diskGibHour: planckOf(config.price.disk),
    },
    availableUntil: words.availableUntil ?? at.chainTime + config.offer.days * DAY_MS,
    images: await offeredOrListedImages(config, driver, at),
    virtualization: host.virtualization,
    cpuModel: host.cpuModel.slice(0, 64),
    region: config.offer.region,
  };
}

/** Planck to hold as stake in all. */
export function wantedStake(config: Config, capacity: MachineSpec, parameters: ProviderParameters): bigint {
  if (config.stake !== undefined) return planckOf(config.stake);
  return STAKE_FACTOR * minListingStake(capacity, parameters);
}

/** What is known of the host; without its size where it cannot even be asked now. */
type Host = Pick<Capacity, 'virtualization' | 'cpuModel'> & { readonly size?: MachineSpec };

/** A host that does not answer is what it was: its leases need their daemon. */
async function hostIfTold(driver: MachineDriver, { listed, log }: Moment): Promise<Host> {
  try {
    const size = await driver.capacity();
    return { ...size, size };
  } catch (error) {
    if (listed === undefined) throw error;
    log.warn(
      { reason: sentenceOf(error) },
      'the host does not tell what it has; the offer stays as it stands',
    );
    return listed;
  }
}

/**
 * A disk that has filled up since must not keep a machine away from the leases that it has: what stands in the market stays, and
 * an order for which there is no room is refused.
 */
function offeredOrListed(config: Config, { size }: Host, { listed, log }: Moment): MachineSpec {
  if (size === undefined && listed !== undefined) return listed.capacity;
  try {
    return offeredOf(config, size);
  } catch (error) {
    if (listed === undefined) throw error;
    log.warn({ reason: sentenceOf(error) }, 'the offer stays as it stands in the market');
    return listed.capacity;
  }
}

/**
 * The market takes no offer without any; while there is none here, or nobody can tell, it stands offline. Throws DaemonError
 * IMAGE_MISSING.
 */
async function offeredOrListedImages(
  config: Config,
  driver: MachineDriver,
  { listed, log }: Moment,
): Promise<readonly string[]> {
  try {
    const here = await offeredImages(config, driver);
    if (here.length > 0) return here;
    throw imageMissing((await missingImages(config, driver))[0]);
  } catch (error) {
    if (listed === undefined) throw error;
    log.warn({ reason: sentenceOf(error) }, 'no image can be offered; those in the market stay');
    return listed.images;
  }
}

/** All but a reserve with which the host itself lives on, unless the operator says how much. */
function offeredOf({ offer }: Config, host: MachineSpec = NOTHING): MachineSpec {
  const offered = {
    cpuCores: offer.cores ?? Math.max(1, host.cpuCores - 1),
    memoryMib: offer.memory ?? Math.floor((host.memoryMib * 3) / 4),
    diskGib: offer.disk ?? Math.max(1, Math.floor(host.diskGib / 2)),
  };
  refuseMoreThanThere('cores', offered.cpuCores, host.cpuCores);
  refuseMoreThanThere('memory', offered.memoryMib, host.memoryMib);
  refuseMoreThanThere('disk', offered.diskGib, host.diskGib);
  return offered;
}

function refuseMoreThanThere(what: string, offered: number, there: number): void {
  if (offered <= there) return;
  throw new DaemonError(
    'OFFER_TOO_LARGE',
    `--offer-${what} ${offered} is more than the host has (${there}). Offer at most that.`,
  );
}

type ImageSettings = Pick<Config, 'images'>;

/** Names of the images on offer: those that are here, of the ones that the settings name if they name any. */
export async function offeredImages({ images }: ImageSettings, driver: MachineDriver): Promise<string[]> {
  const built = await namesOf(driver);
  return images.length > 0 ? images.filter((name) => built.includes(name)) : built;
}

/** Names of the images that the settings name and that are not here. */
export async function missingImages({ images }: ImageSettings, driver: MachineDriver): Promise<string[]> {
  const built = await namesOf(driver);
  return images.filter((name) => !built.includes(name));
}

export function imageMissing(name = 'debian-12'): DaemonError {
  return new DaemonError(
    'IMAGE_MISSING',
    `There is no image ${name} here to offer. Build it with: hamster-provider image build ${name}`,
  );
}

async function namesOf(driver: MachineDriver): Promise<string[]> {
  return (await driver.images()).map(({ name }) => name);
}
