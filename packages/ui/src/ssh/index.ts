export { fingerprint, fingerprintOfLine } from './fingerprint.ts';
export { parseSshPublicKey, type KeyProblem, type SshPublicKey } from './public-key.ts';
