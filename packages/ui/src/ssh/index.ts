export { fingerprint, fingerprintOfLine } from './fingerprint.ts';
export { MAX_KEY_BYTES, parseSshPublicKey, type KeyProblem, type SshPublicKey } from './public-key.ts';
