import type { GatewayAddress, PortMapping, ProviderAddress } from '../../src/index.ts';

/** What the processes of the test bed can be told to do, and what they answer. */
export interface Tasks {
  /** Becomes a gateway. */
  gateway(init: {
    readonly listen: string;
    /** How long a reservation lasts, in place of a day. */
    readonly reservationMs?: number;
  }): GatewayAddress;
  /** Becomes the provider of lease 7, whose machine answers with the hash of what it was sent. */
  provider(init: ProviderInit): ProviderAddress;
  /** A provider's: what its router does for it, once that is known. */
  mapping(init: Record<string, never>): PortMapping;
  /** A provider's: its host ends in order. */
  stop(init: Record<string, never>): Record<string, never>;
  /** Becomes the renter's client. */
  client(init: {
    readonly gateways: readonly GatewayAddress[];
    readonly provider: string;
    /** How long its grant lasts, in place of a day. */
    readonly grantMs?: number;
  }): Record<string, never>;
  /** A client's: so many bytes through a new tunnel. */
  transfer(init: { readonly bytes: number }): { readonly whole: boolean };
  /** A client's: opens a tunnel, sends something, and leaves it open. */
  hold(init: Record<string, never>): Record<string, never>;
  /** A client's: sends so many more bytes through the tunnel that it holds, and the end. */
  finish(init: { readonly bytes: number }): { readonly whole: boolean };
  /** A client's: how the tunnel that it holds broke. */
  broken(init: Record<string, never>): { readonly code: string };
  /** A client's: its open connections to the provider. */
  ways(init: Record<string, never>): { readonly direct: number; readonly relayed: number };
  /** A client's: how its search for a direct way ended, as soon as that has. */
  searched(init: Record<string, never>): { readonly noWay: string };
  /** A gateway's: what it has relayed. */
  relayed(init: Record<string, never>): { readonly bytes: number; readonly circuits: number };
}

export interface ProviderInit {
  readonly gateways: readonly GatewayAddress[];
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  /** Whether the router is asked to forward the port. */
  readonly mapPort?: boolean;
}

export type Task = keyof Tasks;
export type Init<T extends Task> = Parameters<Tasks[T]>[0];
export type Result<T extends Task> = ReturnType<Tasks[T]>;
