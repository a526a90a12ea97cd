import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What is looked at of a block as the indexer decodes it. */
interface IndexedBlock {
  readonly header: { readonly height: number; readonly timestamp?: number };
  readonly events?: readonly { readonly name: string }[];
  readonly extrinsics?: readonly {
    readonly hash?: string;
    readonly success?: boolean;
    readonly fee?: bigint;
  }[];
}

interface Rpc {
  close(): void;
}

interface DataSource {
  getFinalizedHeight(): Promise<number>;
  getFinalizedBlocks(
    requests: readonly object[],
    stopOnHead: boolean,
  ): AsyncIterable<{ readonly blocks: readonly IndexedBlock[] }>;
}

const WANTED = {
  blockValidator: true,
  blockTimestamp: true,
  events: true,
  extrinsics: { hash: true, fee: true },
};

/** All final blocks up to `to`, as @subsquid/substrate-data in `folder` gives them to an indexer. */
export async function readAll(folder: string, url: string, to: number): Promise<readonly IndexedBlock[]> {
  const load = createRequire(join(folder, 'package.json'));
  const { RpcClient } = load('@subsquid/rpc-client') as { RpcClient: new (init: object) => Rpc };
  const { RpcDataSource } = load('@subsquid/substrate-data') as {
    RpcDataSource: new (init: { readonly rpc: Rpc }) => DataSource;
  };
  const rpc = new RpcClient({ url, capacity: 5 });
  try {
    const source = new RpcDataSource({ rpc });
    const requests = [{ range: { from: 0, to }, request: WANTED }];
    const blocks: IndexedBlock[] = [];
    for await (const batch of source.getFinalizedBlocks(requests, false)) blocks.push(...batch.blocks);
    return blocks;
  } finally {
    rpc.close();
  }
}
