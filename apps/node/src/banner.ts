/** What a person wants to know of a node that has just started. */
export interface Banner {
  readonly chain: string;
  readonly chainType: string;
  readonly genesisHash: string;
  readonly best: number;
  readonly place: string | undefined;
  readonly blocks: BlockSource;
  readonly host: string;
  readonly port: number;
}

/** Where the blocks of a node come from. */
export type BlockSource = 'others' | 'demand' | { readonly everyMs: number };

export function bannerText({ host, port, ...banner }: Banner): string {
  const reachable = host === '0.0.0.0' ? 'this machine’s address' : host;
  const rows = [
    ['chain', `${banner.chain} (${banner.chainType}), at block ${banner.best}`],
    ['genesis', banner.genesisHash],
    ['data', banner.place ?? 'temporary: gone when the node stops'],
    ['blocks', blocksText(banner.blocks)],
    ['JSON-RPC', `ws://${reachable}:${port} and http://${reachable}:${port}`],
  ];
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(10)}${value}`);
  return `\nHamster node is running. Ctrl-C stops it.\n${lines.join('\n')}\n\n`;
}

function blocksText(blocks: BlockSource): string {
  if (blocks === 'demand') return 'when dev_newBlock is called';
  if (blocks === 'others') return 'made by others: this node has no key of an author';
  const { everyMs } = blocks;
  return everyMs % 1000 === 0 ? `every ${everyMs / 1000} s` : `every ${everyMs} ms`;
}
