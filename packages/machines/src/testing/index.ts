export { describeWith, libvirtRequirement, requirement } from '@hamster/libvirt/testing';
export type { Requirement } from '@hamster/libvirt/testing';
export { chromiumPath, chromiumRequirement, dockerRequirement } from './requirements.ts';
export { runMachineCompliance } from './compliance.ts';
export type { ComplianceTarget } from './compliance.ts';
export { runLifeCompliance } from './life-compliance.ts';
export { ConsoleReader } from './console-reader.ts';
export { login } from './ssh-login.ts';
export type { Login, LoginResult } from './ssh-login.ts';
