/** Begins a chain, and is killed when half of its first state is stored. */
import { writeSync } from 'node:fs';
import { createRuntime } from '@hamster/runtime';
import { StateDb } from '@hamster/state';
import { genesisState } from '../../../src/genesis.ts';
import { BlockStore } from '../../../src/storage/block-store.ts';
import { Chain } from '../../../src/storage/chain.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { SPEC_WITH_ACCOUNTS } from './spec-with-accounts.ts';

const [basePath = ''] = process.argv.slice(2);
const entries = genesisState(SPEC_WITH_ACCOUNTS, createRuntime());

function* untilKilled() {
  yield* entries.slice(0, entries.length / 2);
  writeSync(1, 'half of it is stored');
  process.kill(process.pid, 'SIGKILL');
  yield* entries.slice(entries.length / 2);
}

const { env, path } = await openDatabase({ basePath }, SPEC_WITH_ACCOUNTS.id);
const state = new StateDb({ env, version: 1 });
new Chain({ env, blocks: new BlockStore(env), state, path, onFailure: () => undefined }).begin(untilKilled());
