import { blake2b256 } from '@hamster/crypto';

import { CommittedVote } from '../types.ts';

/** What a member of the panel commits to, 32 bytes. */
export const commitmentOf = (vote: CommittedVote): Uint8Array => blake2b256(CommittedVote.encode(vote));
