import type { Libvirt } from '@hamster/libvirt';
import { MACHINE_PREFIX } from '../names.ts';
import { parseMetadata } from './metadata.ts';

/** Images that virtual machines of any chain were made from, as "name/version". */
export async function imagesOfDomains(libvirt: Libvirt): Promise<string[]> {
  const domains = (await libvirt.domains.list()).filter(({ name }) => name.startsWith(MACHINE_PREFIX));
  const texts = await Promise.all(
    domains.map(async (domain) => ({ domain, text: await libvirt.domains.xml(domain, { inactive: true }) })),
  );
  return texts.map(({ domain, text }) => {
    const { image } = parseMetadata(text, domain.name).now;
    return `${image.name}/${image.version}`;
  });
}
