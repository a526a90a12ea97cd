import type { Codec } from '@polkadot/types/types';
import type { TestChain } from './chain.ts';

/** Calls a runtime API as a client does that knows nothing but the metadata: it encodes the arguments and decodes the answer. */
export const callApi = (
  chain: TestChain,
  api: string,
  method: string,
  ...args: readonly unknown[]
): Codec => {
  const { registry } = chain;
  const found = registry.metadata.apis
    .find(({ name }) => name.toString() === api)
    ?.methods.find(({ name }) => name.toString() === method);
  if (!found) throw new RangeError(`the metadata has no ${api}_${method}`);
  const encoded = found.inputs.map(({ type }, index) =>
    registry.createType(registry.createLookupType(type), args[index]).toU8a(),
  );
  const bytes = chain.runtime.call(chain.state, `${api}_${method}`, new Uint8Array(Buffer.concat(encoded)));
  return registry.createType(registry.createLookupType(found.output), bytes);
};
