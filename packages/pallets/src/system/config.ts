import type { RuntimeEvent, RuntimeVersion } from '@hamster/frame';
import type { Type } from '@hamster/scale';
import type { BlockLength, BlockWeights } from './types.ts';

export interface SystemConfig {
  readonly event: Type<RuntimeEvent>;
  readonly version: RuntimeVersion;
  readonly blockWeights: BlockWeights;
  readonly blockLength: BlockLength;
  readonly ss58Prefix: number;
}
