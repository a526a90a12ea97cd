import { isLibvirtError, LIBVIRT_ERROR } from '@hamster/libvirt';
import type { BindingRef, Libvirt } from '@hamster/libvirt';
import { FILTER_NAME } from './filter-xml.ts';
import { undefinedIfNoDomain } from './machine.ts';

const OWNER = /<owner>[\s\S]*?<uuid>([0-9a-f-]{36})<\/uuid>/;
const INTERFACE = /<interface\b[\s\S]*?<\/interface>/g;

/**
 * libvirt keeps in a file to which interface it bound a filter, and where it was killed together with the machine nobody takes
 * that back: it stands for a machine that is no more, and whatever machine is given an interface of that name gets no filter
 * ("binding already exists") and does not start, for ever. Removes those of our filter.
 */
export async function removeLeftBindings(libvirt: Libvirt): Promise<void> {
  const ours = (await libvirt.filters.bindings()).filter(({ filter }) => filter === FILTER_NAME);
  for (const binding of ours) {
    if (await isInForce(libvirt, binding)) continue;
    await libvirt.filters.deleteBinding(binding).catch(unlessGone);
  }
}

/**
 * Whether its owner runs behind it now. libvirt answers for a domain only between two changes of it, so one that is just being
 * connected is not taken for one that is not.
 */
async function isInForce(libvirt: Libvirt, binding: BindingRef): Promise<boolean> {
  const text = await libvirt.filters.bindingXml(binding).catch(unlessGone);
  const uuid = OWNER.exec(text ?? '')?.[1];
  if (uuid === undefined) return text !== undefined;
  const owner = await libvirt.domains.lookupByUuid(uuid).catch(undefinedIfNoDomain);
  const definition = owner && (await libvirt.domains.xml(owner).catch(undefinedIfNoDomain));
  const links = definition?.match(INTERFACE) ?? [];
  return links.some((link) => link.includes(`dev='${binding.portDevice}'`) && link.includes('<filterref'));
}

function unlessGone(error: unknown): undefined {
  if (!isLibvirtError(error, LIBVIRT_ERROR.noFilterBinding)) throw error;
}
