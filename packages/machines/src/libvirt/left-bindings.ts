import { isLibvirtError, LIBVIRT_ERROR } from '@hamster/libvirt';
import type { BindingRef, Libvirt } from '@hamster/libvirt';
import { FILTER_NAME } from './filter-xml.ts';
import { undefinedIfNoDomain } from './machine.ts';

const OWNER = /<owner>[\s\S]*?<uuid>([0-9a-f-]{36})<\/uuid>/;
const INTERFACE = /<interface\b[\s\S]*?<\/interface>/g;

/**
 * libvirt keeps in a file to which interface it bound a filter, and where it was killed together with the machine nobody takes
 * that back: it stands for a machine that is no more, and whatever machine is given an interface of that name gets no filter
 * ("binding already exists") and does not start, for ever. Removes those of our filter. `ownLink` is the interface that the caller
 * himself could not put behind it: only of that one is it known that nobody does so at this moment.
 */
export async function removeLeftBindings(libvirt: Libvirt, ownLink?: string): Promise<void> {
  const ours = (await libvirt.filters.bindings()).filter(({ filter }) => filter === FILTER_NAME);
  for (const binding of ours) {
    if (await isInForce(libvirt, binding, ownLink)) continue;
    await libvirt.filters.deleteBinding(binding).catch(unlessGone);
  }
}

/**
 * Whether its owner runs behind it now, or is about to: libvirt binds the filter, waits for QEMU to connect the link, and answers
 * meanwhile with a definition that has no filter yet.
 */
async function isInForce(libvirt: Libvirt, binding: BindingRef, ownLink?: string): Promise<boolean> {
  const text = await libvirt.filters.bindingXml(binding).catch(unlessGone);
  const uuid = OWNER.exec(text ?? '')?.[1];
  if (uuid === undefined) return text !== undefined;
  const owner = await libvirt.domains.lookupByUuid(uuid).catch(undefinedIfNoDomain);
  const definition = owner && (await libvirt.domains.xml(owner).catch(undefinedIfNoDomain));
  const links = definition?.match(INTERFACE) ?? [];
  const bound = links.filter((link) => link.includes(`dev='${binding.portDevice}'`));
  return bound.some((link) => binding.portDevice !== ownLink || link.includes('<filterref'));
}

function unlessGone(error: unknown): undefined {
  if (!isLibvirtError(error, LIBVIRT_ERROR.noFilterBinding)) throw error;
}
