import { DEFAULT_STATE_DIR, imageCatalogue, type MachineDriver } from '@hamster/machines';
import { join } from 'node:path';

/** Names of the driver's images whose files are what the catalogue says. Reads all of them: slow for large ones. */
export async function wholeImages(driver: MachineDriver, signal: AbortSignal): Promise<string[]> {
  const images = await driver.images(signal);
  if (driver.kind === 'process') return images.map(({ name }) => name);
  const catalogue = imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue'));
  const whole: string[] = [];
  for (const { name } of images) {
    const verified = catalogue.get(name).then((entry) => catalogue.verify(entry, signal));
    if (
      await verified.then(
        () => true,
        () => false,
      )
    )
      whole.push(name);
    signal.throwIfAborted();
  }
  return whole;
}
