import { toHex } from '@hamster/crypto';
import { start } from 'smoldot';

export interface Accepted {
  /** As the light client computed it. */
  readonly genesisHash: string;
  /** Warnings and errors. */
  readonly complaints: readonly string[];
}

const WARNING = 2;

/** Has an unmodified smoldot take a chain with this genesis state; it needs no network for that. */
export const acceptGenesis = async (
  entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
): Promise<Accepted> => {
  const complaints: string[] = [];
  const client = start({
    maxLogLevel: WARNING,
    logCallback: (_level, target, message) => complaints.push(`${target}: ${message}`),
  });
  try {
    const chain = await client.addChain({ chainSpec: JSON.stringify(specOf(entries)) });
    chain.sendJsonRpc('{"jsonrpc":"2.0","id":1,"method":"chainSpec_v1_genesisHash","params":[]}');
    const { result } = JSON.parse(await chain.nextJsonRpcResponse()) as { readonly result: string };
    return { genesisHash: result, complaints };
  } finally {
    await client.terminate();
  }
};

const specOf = (entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>) => ({
  name: 'Hamster Development',
  id: 'hamster-dev',
  chainType: 'Development',
  bootNodes: [],
  properties: {},
  genesis: {
    raw: {
      top: Object.fromEntries([...entries].map(([key, value]) => [toHex(key), toHex(value)])),
      childrenDefault: {},
    },
  },
});
