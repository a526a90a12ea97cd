export { describeWith, requirement } from './requirement.ts';
export type { Requirement } from './requirement.ts';
export { libvirtRequirement } from './libvirt-requirement.ts';
