export { runMachineCompliance } from './compliance.ts';
export type { ComplianceTarget } from './compliance.ts';
export { login } from './ssh-login.ts';
export type { Login, LoginResult } from './ssh-login.ts';
