import { Type } from '@hamster/daemon';
import { ApiError, type ApiApp } from '@hamster/daemon-api';
import { PeerError } from '@hamster/p2p';
import { CliError } from '../cli/errors.ts';
import type { ForwardBook, OpenForward } from './forwards.ts';
import type { KeptLease, LeaseKeeper } from './keeper.ts';

const MAX_PORT = 65_535;
const Text = (description: string) => Type.String({ description });
const Planck = (description: string) =>
  Type.String({ pattern: '^\\d+$', description: `${description}, planck` });
const Moment = (description: string) => Type.Integer({ description: `${description}, ms since 1970` });

const LeaseBody = Type.Object(
  {
    id: Type.Integer(),
    status: Text('Active, Suspended or Disputed, as on chain'),
    image: Text('What runs on it'),
    endsAt: Moment('When it ends'),
    pricePerHour: Planck('Price of a billed hour'),
    connection: Type.Union([
      Type.Literal('connecting'),
      Type.Literal('connected'),
      Type.Literal('unreachable'),
    ]),
    machine: Type.Optional(Text('running, starting, stopped or failed, by its provider')),
    why: Type.Optional(Text('Why it is not connected')),
    since: Moment('Since when the connection is so'),
  },
  { description: 'A running lease, and the way to its machine' },
);

const ForwardBody = Type.Object(
  {
    id: Type.String(),
    lease: Type.Integer(),
    local: Type.Integer({ description: 'Port of this computer, on 127.0.0.1' }),
    remote: Type.Integer({ description: 'Port of the machine' }),
    trouble: Type.Optional(Text('Why the last connection did not get through')),
  },
  { description: 'A port that leads to a machine' },
);

const StatusBody = Type.Object(
  {
    version: Type.String(),
    chain: Text('Node that is asked'),
    genesisHash: Text('Which chain that is'),
    address: Text('The account'),
    chainConnected: Type.Boolean(),
    leases: Type.Integer({ description: 'Running leases' }),
    connected: Type.Integer({ description: 'Of these, with an open way' }),
    forwards: Type.Integer(),
    extension: Type.Optional(
      Type.Object(
        { cap: Planck('May be spent in all'), spent: Planck('Spent so far') },
        { description: 'Automatic extension; absent when it is off' },
      ),
    ),
  },
  { description: 'How the daemon is' },
);

export interface DaemonFacts {
  readonly version: string;
  readonly chain: string;
  readonly genesisHash: string;
  readonly address: string;
  isChainConnected(): boolean;
  /** Undefined when automatic extension is off; planck. */
  extension(): { readonly cap: bigint; readonly spent: bigint } | undefined;
}

interface Parts {
  readonly keeper: LeaseKeeper;
  /** What to type to log in through a forward that leads to the machine's sshd. */
  readonly sshCommand: (forward: OpenForward) => Promise<string>;
  readonly forwards: ForwardBook;
  readonly facts: DaemonFacts;
}

/** What a page, or a command, can ask of the renter's daemon. */
export function daemonRoutes(parts: Parts): (app: ApiApp) => void {
  return (app) => {
    addStatus(app, parts);
    addLeases(app, parts.keeper);
    addForwards(app, parts);
    addForward(app, parts);
  };
}

function addStatus(app: ApiApp, { keeper, forwards, facts }: Parts): void {
  app.get(
    '/status',
    { schema: { summary: 'How the daemon is', tags: ['daemon'], response: { 200: StatusBody } } },
    async () => {
      const leases = keeper.leases();
      const extension = facts.extension();
      return {
        version: facts.version,
        chain: facts.chain,
        genesisHash: facts.genesisHash,
        address: facts.address,
        chainConnected: facts.isChainConnected(),
        leases: leases.length,
        connected: leases.filter(({ connection }) => connection === 'connected').length,
        forwards: forwards.list().length,
        ...(extension && { extension: { cap: String(extension.cap), spent: String(extension.spent) } }),
      };
    },
  );
}

function addLeases(app: ApiApp, keeper: LeaseKeeper): void {
  const response = Type.Array(LeaseBody, { description: 'By id' });
  app.get(
    '/leases',
    { schema: { summary: 'Running leases', tags: ['leases'], response: { 200: response } } },
    async () => keeper.leases().map(leaseBody),
  );
  app.get(
    '/leases/:id',
    {
      schema: {
        summary: 'One running lease',
        tags: ['leases'],
        params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
        response: { 200: LeaseBody },
      },
    },
    async ({ params }) => leaseBody(keptLease(keeper, params.id)),
  );
}

function addForwards(app: ApiApp, { keeper, forwards }: Parts): void {
  const tags = ['forwards'];
  const response = Type.Array(ForwardBody, { description: 'In the order in which they were opened' });
  app.get(
    '/forwards',
    { schema: { summary: 'Open forwards', tags, response: { 200: response } } },
    async () => forwards.list(),
  );
  const port = (minimum: number) => Type.Integer({ minimum, maximum: MAX_PORT });
  const body = Type.Object(
    { lease: Type.Integer({ minimum: 1 }), local: port(0), remote: port(1) },
    { additionalProperties: false },
  );
  app.post(
    '/forwards',
    { schema: { summary: 'Open a forward', tags, body, response: { 201: ForwardBody } } },
    async (request, reply) => {
      keptLease(keeper, request.body.lease);
      return reply.status(201).send(await forwards.open(request.body).catch(refuse));
    },
  );
}

function addForward(app: ApiApp, { forwards, sshCommand }: Parts): void {
  const tags = ['forwards'];
  const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
  const closed = Type.Object({ closed: Type.Literal(true) }, { description: 'It is closed' });
  app.delete(
    '/forwards/:id',
    { schema: { summary: 'Close a forward', tags, params, response: { 200: closed } } },
    async ({ params: { id } }) => {
      if (await forwards.close(id)) return { closed: true as const };
      throw noSuchForward();
    },
  );
  const command = Type.Object(
    { command: Text('For a shell of this computer; the host key is the one on chain, and nothing is asked') },
    { description: 'How to log in' },
  );
  app.get(
    '/forwards/:id/ssh',
    {
      schema: {
        summary: 'What to type to log in through a forward that leads to ssh',
        tags,
        params,
        response: { 200: command },
      },
    },
    async ({ params: { id } }) => {
      const open = forwards.list().find((one) => one.id === id);
      if (open) return { command: await sshCommand(open).catch(refuse) };
      throw noSuchForward();
    },
  );
}

/** What this program and the tunnel say of a failure is for the caller too: a port that is taken is no bug of the daemon. */
function refuse(error: unknown): never {
  if (error instanceof PeerError && error.code === 'LISTEN_FAILED')
    throw new ApiError(409, error.code, `${error.message}. Choose another port, or 0 for a free one.`, error);
  if (error instanceof CliError || error instanceof PeerError)
    throw new ApiError(409, error.code, error.message, error);
  throw error;
}

function noSuchForward(): ApiError {
  return new ApiError(404, 'NO_SUCH_FORWARD', 'There is no such forward. GET /forwards lists them.');
}

function keptLease(keeper: LeaseKeeper, id: number): KeptLease {
  const kept = keeper.lease(id);
  if (kept) return kept;
  throw new ApiError(404, 'LEASE_NOT_FOUND', `This account rents no lease ${id} at present.`);
}

export function leaseBody({ lease, ...rest }: KeptLease) {
  const { id, status, image, endsAt, pricePerHour } = lease;
  return { id, status, image, endsAt, pricePerHour: pricePerHour.toString(), ...rest };
}
