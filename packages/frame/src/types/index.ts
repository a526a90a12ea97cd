export { AccountId, H256, MultiAddress, MultiSignature } from './account.ts';
export {
  ArithmeticError,
  DispatchClass,
  DispatchError,
  DispatchEventInfo,
  ModuleError,
  Pays,
  TokenError,
} from './dispatch.ts';
export type { ArithmeticErrorName, TokenErrorName } from './dispatch.ts';
export { Digest, DigestItem, Header } from './header.ts';
export { addWeights, fitsIn, NO_WEIGHT, Weight, weightOf } from './weight.ts';
