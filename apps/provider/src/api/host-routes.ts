import type { MachineSpec } from '@hamster/chain-client';
import { Type, type Static } from '@hamster/daemon';
import type { ApiApp } from '@hamster/daemon-api';
import type { MachineDriver } from '@hamster/machines';
import type { SelfTests } from '../self-tests.ts';
import { Size, Time } from './forms.ts';
import type { ApiModules } from './modules.ts';

const Resources = Type.Object(
  {
    host: Size('All that the host could give'),
    reserve: Size('What the host keeps for itself'),
    offered: Size('What stands in the market'),
    leased: Size('What is leased or ordered of it'),
    free: Size('What can still be ordered'),
    virtualization: Type.String({ description: 'Kvm, Emulated, Container or Process' }),
    cpuModel: Type.String(),
  },
  { description: 'What there is and who has it' },
);

const Machine = Type.Object({
  lease: Type.String({ description: 'Number of its lease' }),
  image: Type.String(),
  size: Size('What it has'),
  running: Type.Boolean(),
  wanted: Type.String({ description: 'running, or stopped by its renter' }),
});
const Machines = Type.Object(
  { machines: Type.Array(Machine) },
  { description: 'As the hypervisor has them; also such that wait to be removed' },
);

const SelfTest = Type.Object(
  {
    running: Type.Boolean({ description: 'One runs now' }),
    last: Type.Optional(
      Type.Object({
        at: Time('When it ended'),
        passed: Type.Boolean(),
        error: Type.Optional(Type.String({ description: 'Why it could not be run' })),
        checks: Type.Array(
          Type.Object({
            name: Type.String(),
            passed: Type.Boolean(),
            level: Type.String({ description: 'required or advice' }),
            detail: Type.String(),
          }),
        ),
      }),
    ),
  },
  { description: 'Whether this host can serve' },
);

export function addHostRoutes(app: ApiApp, modules: ApiModules): void {
  const { driver, selfTests } = modules;
  const tags = ['host'];
  app.get('/resources', {
    schema: { summary: 'Host, reserve, offer, and what is free', tags, response: { 200: Resources } },
    handler: () => resourcesOf(modules),
  });
  app.get('/machines', {
    schema: { summary: 'The machines on this host', tags, response: { 200: Machines } },
    handler: async () => ({ machines: (await driver.list()).map(toMachine) }),
  });
  app.get('/self-test', {
    schema: { summary: 'The last self-test', tags, response: { 200: SelfTest } },
    handler: async () => selfTestOf(selfTests),
  });
  app.post('/self-test', {
    schema: {
      summary: 'Begin a self-test',
      description: 'It takes up to a minute. Its end is told as the live update `self-test`.',
      tags,
      response: { 202: SelfTest },
    },
    handler: async (_, reply) => {
      selfTests.begin();
      return reply.status(202).send(selfTestOf(selfTests));
    },
  });
}

async function resourcesOf({ driver, market }: ApiModules): Promise<Static<typeof Resources>> {
  const [capacity, { resource }] = await Promise.all([driver.capacity(), market.current()]);
  const { virtualization, cpuModel } = capacity;
  const offered = sizeOf(resource?.capacity ?? NOTHING);
  const leased = sizeOf(resource?.allocated ?? NOTHING);
  const host = sizeOf(capacity);
  return {
    host,
    reserve: less(host, offered),
    offered,
    leased,
    free: less(offered, leased),
    virtualization,
    cpuModel,
  };
}

const NOTHING: MachineSpec = { cpuCores: 0, memoryMib: 0, diskGib: 0 };

function sizeOf({ cpuCores, memoryMib, diskGib }: MachineSpec): MachineSpec {
  return { cpuCores, memoryMib, diskGib };
}

/** Never below nothing: a host that became smaller may have leased more than it has. */
function less(all: MachineSpec, part: MachineSpec): MachineSpec {
  return {
    cpuCores: Math.max(0, all.cpuCores - part.cpuCores),
    memoryMib: Math.max(0, all.memoryMib - part.memoryMib),
    diskGib: Math.max(0, all.diskGib - part.diskGib),
  };
}

type MachineState = Awaited<ReturnType<MachineDriver['list']>>[number];

function toMachine({ leaseId, image, running, wanted, ...size }: MachineState): Static<typeof Machine> {
  return { lease: leaseId, image, size: sizeOf(size), running, wanted };
}

function selfTestOf({ running, last }: SelfTests): Static<typeof SelfTest> {
  if (last === undefined) return { running };
  if ('error' in last)
    return { running, last: { at: last.at, passed: false, error: last.error, checks: [] } };
  return { running, last: { at: last.at, ...last.report } };
}
