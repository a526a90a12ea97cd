import type { AnyType } from '@hamster/scale';

/** A part of an extrinsic behind the signature: what is sent, and what both sides know and only sign. */
export interface ExtensionDefinition {
  readonly identifier: string;
  /** An empty composite where nothing is sent. */
  readonly type: AnyType;
  /** `()` where nothing is implied. */
  readonly additionalSigned: AnyType;
}

export interface ExtrinsicDefinition {
  readonly version: number;
  /** The extrinsic as a whole; its params are the four types below. */
  readonly type: AnyType;
  readonly address: AnyType;
  readonly signature: AnyType;
  /** All extensions together. */
  readonly extra: AnyType;
  readonly extensions: readonly ExtensionDefinition[];
}

export interface ApiMethodDefinition {
  readonly name: string;
  readonly inputs: readonly (readonly [name: string, type: AnyType])[];
  readonly output: AnyType;
  readonly docs?: readonly string[];
}

export interface ApiDefinition {
  readonly name: string;
  readonly version: number;
  readonly methods: readonly ApiMethodDefinition[];
  readonly docs?: readonly string[];
}
