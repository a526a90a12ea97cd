import { toHex } from '@hamster/crypto';
import { HAM, PRESETS } from '@hamster/runtime';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A second, as on the development chain. */
const SLOT_MS = 1000;
const ENDOWMENT = 1000n * HAM;

interface Balances {
  readonly balances: readonly unknown[];
}

/** Flags of a node that authors on a chain of `writeChainSpec`; the ports for peers are any that are free. */
export const nodeFlags = (spec: string, folder: string): string[] => [
  ...['--chain', spec, '--alice', '--base-path', folder],
  ...['--port', '0', '--ws-port', '0'],
];

/** Writes the spec of a development chain on which these accounts own something too. Answers its path. */
export async function writeChainSpec(folder: string, accountIds: Iterable<Uint8Array>): Promise<string> {
  const path = join(folder, 'chain-spec.json');
  const { balances, aura, ...others } = PRESETS.dev as { balances: Balances; aura: object };
  const head = JSON.stringify({
    name: 'Hamster Benchmark',
    id: 'hamster-bench',
    chainType: 'Development',
    properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  }).slice(0, -1);
  const rest = JSON.stringify({ ...others, aura: { ...aura, slotDuration: SLOT_MS } }).slice(1, -1);
  const parts = pieces(head, rest, balances.balances, accountIds);
  await pipeline(Readable.from(parts, { objectMode: false }), createWriteStream(path, { mode: 0o600 }));
  return path;
}

/** Piece by piece: a million accounts are more than one wants to hold as text. */
function* pieces(
  head: string,
  rest: string,
  known: readonly unknown[],
  accountIds: Iterable<Uint8Array>,
): Generator<string> {
  yield `${head},"genesis":{${rest},"balances":{"balances":[`;
  yield known.map((entry) => JSON.stringify(entry)).join(',\n');
  let page = '';
  for (const accountId of accountIds) {
    page += `,\n["${toHex(accountId)}","${ENDOWMENT}"]`;
    if (page.length < 2 ** 16) continue;
    yield page;
    page = '';
  }
  yield `${page}]}}}`;
}
