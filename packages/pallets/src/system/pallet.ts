import { AccountId, constant, definePallet, EventCount, ExecutionPhase, H256 } from '@hamster/frame';
import { u16, u32 } from '@hamster/scale';
import { BLOCK_HASH_COUNT } from './block.ts';
import { remark, remarkWithEvent } from './calls.ts';
import type { SystemConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import * as storage from './storage.ts';
import { tryState } from './try-state.ts';
import { BlockLength, BlockWeights, RuntimeDbWeight, RuntimeVersionType } from './types.ts';
import { encodableVersion } from './version.ts';

export const systemPallet = (config: SystemConfig) =>
  definePallet({
    name: 'System',
    index: 0,
    docs: ['Accounts, block bookkeeping and events.'],
    storage: [
      storage.Account,
      storage.ExtrinsicCount,
      storage.InherentsApplied,
      storage.BlockWeight,
      storage.AllExtrinsicsLen,
      storage.BlockHash,
      storage.BlockNumber,
      storage.ParentHash,
      storage.BlockDigest,
      storage.blockEvents(config.event),
      EventCount,
      storage.LastRuntimeUpgrade,
      ExecutionPhase,
    ],
    calls: { remark, remark_with_event: remarkWithEvent },
    events,
    errors,
    constants: {
      BlockWeights: constant(
        BlockWeights,
        config.blockWeights,
        'Block & extrinsics weights: base values and limits.',
      ),
      BlockLength: constant(BlockLength, config.blockLength, 'The maximum length of a block (in bytes).'),
      BlockHashCount: constant(
        u32,
        BLOCK_HASH_COUNT,
        'Maximum number of block number to block hash mappings to keep.',
      ),
      DbWeight: constant(
        RuntimeDbWeight,
        { read: 25_000_000n, write: 25_000_000n },
        'The weight of runtime database operations the runtime can invoke.',
      ),
      Version: constant(
        RuntimeVersionType,
        encodableVersion(config.version),
        'Get the chain’s in-code version.',
      ),
      SS58Prefix: constant(u16, config.ss58Prefix, 'The designated SS58 prefix of this chain.'),
    },
    associatedTypes: {
      Nonce: { type: u32, docs: ['The number of transactions that an account has sent.'] },
      Hash: { type: H256, docs: ['The hash of a block, and of anything else.'] },
      AccountId: { type: AccountId, docs: ['An account.'] },
    },
    genesis(ctx, genesis) {
      genesis.only();
      storage.BlockHash.put(ctx, 0, new Uint8Array(32).fill(69));
      storage.LastRuntimeUpgrade.put(ctx, {
        spec_version: config.version.specVersion,
        spec_name: config.version.specName,
      });
    },
    tryState,
  });
