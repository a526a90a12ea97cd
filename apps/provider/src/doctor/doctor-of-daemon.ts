import type { ChainClient } from '@hamster/chain-client';
import type { MachineDriver } from '@hamster/machines';
import type { Pulse } from '../pulse.ts';
import type { SelfTestResult } from '../self-tests.ts';
import type { Check } from './check.ts';
import { diagnose } from './diagnose.ts';
import type { Facts } from './facts.ts';
import { gatherFacts } from './gather.ts';

export interface DoctorModules {
  readonly address: string;
  readonly peerId: string;
  readonly client: ChainClient;
  readonly driver: MachineDriver;
  readonly selfTests: { readonly last: SelfTestResult | undefined };
  readonly pulse: Pulse;
  readonly home: string;
  readonly swarmKey: string | undefined;
  readonly now: () => number;
}

const DEADLINE_MS = 30_000;

/** The doctor inside the daemon. Who asks while one looks gets what that one finds. */
export function doctorOf(modules: DoctorModules): () => Promise<readonly Check[]> {
  let looking: Promise<readonly Check[]> | undefined;
  return () => {
    looking ??= look(modules).finally(() => (looking = undefined));
    return looking;
  };
}

async function look(modules: DoctorModules): Promise<readonly Check[]> {
  const { address, peerId, client, driver, selfTests, pulse, home, swarmKey, now } = modules;
  const facts = await gatherFacts(
    {
      account: { value: address },
      peerId,
      client: { value: client },
      driver,
      // Their files are compared at each use; hashing them for every caller would keep the disk busy.
      images: async () => (await driver.images()).map(({ name }) => name),
      selfTest: selfTestFact(selfTests.last),
      daemon: pulse.state(),
      home,
      swarmKey,
      now,
    },
    AbortSignal.timeout(DEADLINE_MS),
  );
  return diagnose(facts);
}

export function selfTestFact(last: SelfTestResult | undefined): Facts['selfTest'] {
  if (last === undefined) return undefined;
  return 'error' in last ? { trouble: last.error } : { value: last.report };
}
