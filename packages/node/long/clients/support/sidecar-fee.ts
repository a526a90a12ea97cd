import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const SERVICE = 'build/src/services/transaction/TransactionFeeEstimateService.js';

/** The lines of api-sidecar that ask for a fee, as installed in `folder`. */
export const feeService = (folder: string): Promise<string> =>
  readFile(join(folder, 'node_modules/@substrate/api-sidecar', SERVICE), 'utf8');

interface Registry {
  readonly lookup: { getTypeDef(id: unknown): { readonly type: string } };
  setMetadata(metadata: Metadata): void;
  createType(name: string, value: object): object;
  createTypeUnsafe(name: string, values: readonly object[]): { toUtf8(): string };
}

interface Metadata {
  readonly asLatest: {
    readonly apis: Iterable<{
      readonly name: object;
      readonly methods: Iterable<{
        readonly name: object;
        readonly inputs: readonly { readonly type: unknown }[];
      }>;
    }>;
  };
}

interface Types {
  readonly TypeRegistry: new () => Registry;
  readonly Metadata: new (registry: Registry, hex: string) => Metadata;
}

/** What @polkadot/api sends as the first argument of `query_info` to Substrate's own node when it is handed an extrinsic as an object. */
export function argumentForSubstrate(folder: string): string {
  const load = createRequire(join(folder, 'package.json'));
  const types = load('@polkadot/types') as Types;
  const { default: hex } = load('@polkadot/types-support/metadata/v15/substrate-hex') as { default: string };
  const registry = new types.TypeRegistry();
  // As Metadata_metadata_at_version answers it: an option and a length stand before "meta".
  const metadata = new types.Metadata(registry, `0x${hex.slice(hex.indexOf('6d657461'))}`);
  registry.setMetadata(metadata);
  const api = named(metadata.asLatest.apis, 'TransactionPaymentApi');
  const { type } = registry.lookup.getTypeDef(named(api.methods, 'query_info').inputs[0]?.type);
  const remark = registry.createType('Call', { callIndex: [0, 0], args: ['0x01'] });
  return registry.createTypeUnsafe(type, [registry.createType('Extrinsic', remark)]).toUtf8();
}

function named<T extends { readonly name: object }>(entries: Iterable<T>, name: string): T {
  for (const entry of entries) if (String(entry.name) === name) return entry;
  throw new Error(`The metadata has no ${name}`);
}
