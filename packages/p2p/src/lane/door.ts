import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface';
import { tcp, type TCPComponents } from '@libp2p/tcp';
import { PeerError } from '../errors.ts';
import { withInbound } from '../host/with-inbound.ts';
import { firstBytes, insidesOf, takeSocket } from './first-bytes.ts';
import { LANE_MAGIC, laneIdOf, TICKET_BYTES, type Ticket } from './ticket.ts';

/** Lets connections in at the TCP ports of a host that are none of libp2p's, if they show a ticket. */
export interface LaneDoor {
  /** For the host's list of transports. */
  readonly transport: (components: TCPComponents) => Transport;
  /** From now on `onSocket` gets whoever shows this ticket, until the entry is closed. */
  expect(ticket: Ticket, onSocket: (socket: Socket) => void): { close(): void };
}

interface Expected {
  readonly ticket: Ticket;
  readonly onSocket: (socket: Socket) => void;
}

export interface DoorOptions {
  /** Whether one more connection may come in; told of those that show a ticket. */
  admits?: (connection: MultiaddrConnection) => boolean;
  readonly limits?: Partial<DoorLimits>;
}

export interface DoorLimits {
  /** Connections whose first bytes are waited for. Those beyond go on as libp2p's, which has a bound of its own. */
  readonly waiting: number;
  /** For the first bytes, in ms. */
  readonly waitMs: number;
}

const LIMITS: DoorLimits = { waiting: 256, waitMs: 10_000 };
const GREETING = LANE_MAGIC.length + TICKET_BYTES;

export function laneDoor({ admits = () => true, ...options }: DoorOptions = {}): LaneDoor {
  const limits = { ...LIMITS, ...options.limits };
  const expected = new Map<string, Expected>();
  let waiting = 0;

  async function greet(connection: MultiaddrConnection): Promise<Buffer> {
    waiting += 1;
    try {
      return await firstBytes(insidesOf(connection), isGreeting, limits.waitMs);
    } finally {
      waiting -= 1;
    }
  }

  async function upgradeInbound(
    upgrader: Upgrader,
    connection: MultiaddrConnection,
    options: Parameters<Upgrader['upgradeInbound']>[1],
  ): Promise<void> {
    if (waiting >= limits.waiting) return upgrader.upgradeInbound(connection, options);
    const bytes = await greet(connection);
    const inside = insidesOf(connection);
    if (!startsLikeLane(bytes)) {
      const upgraded = upgrader.upgradeInbound(connection, options);
      inside.onData(bytes);
      inside.socket.resume();
      return upgraded;
    }
    const ticket = bytes.subarray(LANE_MAGIC.length, GREETING);
    const socket = takeSocket(inside, bytes.subarray(GREETING));
    const entry = find(ticket);
    if (!entry || !admits(connection)) throw unwanted();
    entry.onSocket(socket);
  }

  function find(ticket: Ticket): Expected | undefined {
    const entry = expected.get(laneIdOf(ticket));
    return entry && timingSafeEqual(entry.ticket, ticket) ? entry : undefined;
  }

  return {
    transport(components) {
      const transport = tcp()(components);
      const create = transport.createListener.bind(transport);
      transport.createListener = ({ upgrader, ...more }) =>
        create({ ...more, upgrader: withInbound(upgrader, upgradeInbound) });
      return transport;
    },
    expect(ticket, onSocket) {
      const id = laneIdOf(ticket);
      expected.set(id, { ticket, onSocket });
      return { close: () => void expected.delete(id) };
    },
  };
}

/** Enough bytes to know: a whole greeting, or something that is none. */
function isGreeting(bytes: Buffer): boolean {
  return bytes.length >= GREETING || !startsLikeLane(bytes);
}

function startsLikeLane(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, LANE_MAGIC.length);
  return bytes.subarray(0, length).equals(LANE_MAGIC.subarray(0, length));
}

function unwanted(): PeerError {
  return new PeerError('CONNECTION_LOST', 'A connection came with a ticket that nobody waits for');
}
