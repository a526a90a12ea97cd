import { note, ok, stops, type Check } from './check.ts';
import type { Facts } from './facts.ts';

const LITTLE_MEMORY_MIB = 512;
const LITTLE_DISK_MIB = 5 * 1024;
/** State files and logs fail below this, not only new machines. */
const NO_DISK_MIB = 512;

/** What this host has and can. */
export function hostChecks(facts: Facts): Check[] {
  return [
    accountCheck(facts),
    imagesCheck(facts),
    ...selfTestChecks(facts),
    memoryCheck(facts),
    diskCheck(facts),
  ];
}

function accountCheck({ account }: Facts): Check {
  return 'trouble' in account
    ? stops('account', account.trouble)
    : ok('account', `The account is ${account.value}.`);
}

function imagesCheck({ images, chain }: Facts): Check {
  if ('trouble' in images) return stops('images', images.trouble);
  if (images.value.length === 0)
    return stops('images', 'There is no image. Build one with: hamster-provider image build debian-12');
  const offered = 'value' in chain ? (chain.value.market.resource?.images ?? []) : [];
  const missing = offered.filter((name) => !images.value.includes(name));
  if (missing.length === 0)
    return ok('images', `These images are here and whole: ${images.value.join(', ')}.`);
  return stops(
    'images',
    `The market offers ${missing.join(', ')}, not here or not whole: orders of it are refused. Build it again with: hamster-provider image build ${missing[0]}`,
  );
}

function selfTestChecks({ selfTest }: Facts): Check[] {
  if (selfTest === undefined)
    return [note('self-test', 'No self-test was run yet: hamster-provider self-test')];
  if ('trouble' in selfTest) return [stops('self-test', selfTest.trouble)];
  const { passed, checks } = selfTest.value;
  const failed = checks.filter((check) => !check.passed);
  if (failed.length === 0) return [ok('self-test', 'This host passed the self-test.')];
  return failed.map(({ name, level, detail }) =>
    level === 'required' && !passed
      ? stops('self-test', `${name}: ${detail}`)
      : note('self-test', `${name}: ${detail}`),
  );
}

function memoryCheck({ freeMemoryMib, chain }: Facts): Check {
  const text = `The host has ${freeMemoryMib} MiB of memory left`;
  const least = 'value' in chain ? chain.value.market.rules.resourceOrder.minSpec.memoryMib : 0;
  if (freeMemoryMib < least)
    return stops(
      'memory',
      `${text}, less than the smallest machine takes. End other programs, or offer less.`,
    );
  if (freeMemoryMib < LITTLE_MEMORY_MIB)
    return note('memory', `${text}: little. Keep a larger reserve by: hamster-provider capacity`);
  return ok('memory', `${text}.`);
}

function diskCheck({ freeDiskMib }: Facts): Check {
  const text = `The disk has ${freeDiskMib} MiB left`;
  if (freeDiskMib < NO_DISK_MIB)
    return stops('disk', `${text}: nothing can be built. Free some, or offer less.`);
  if (freeDiskMib < LITTLE_DISK_MIB) return note('disk', `${text}: little. Free some before it is full.`);
  return ok('disk', `${text}.`);
}
