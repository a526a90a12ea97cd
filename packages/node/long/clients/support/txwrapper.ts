import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What api-sidecar tells a signer that is offline. */
export interface Material {
  readonly at: { readonly hash: string; readonly height: string };
  readonly genesisHash: string;
  readonly specVersion: string;
  readonly txVersion: string;
  readonly metadata: string;
}

interface Registry {
  createType(name: string, value: unknown, options: object): { sign(pair: Pair): { signature: string } };
}

interface Pair {
  readonly address: string;
}

interface Core {
  getRegistryBase(options: object): Registry;
  readonly construct: {
    signingPayload(unsigned: object, options: object): string;
    signedTx(unsigned: object, signature: string, options: object): string;
    txHash(signed: string): string;
  };
}

interface Substrate {
  readonly methods: {
    readonly balances: { transferKeepAlive(args: object, info: object, options: object): object };
  };
}

interface Api {
  readonly Keyring: new (options: object) => { addFromUri(uri: string): Pair };
}

export interface Signed {
  readonly tx: string;
  readonly hash: string;
}

/** A transfer from //Alice, made by txwrapper (as installed in `folder`) of nothing but the material and a nonce. */
export function signOffline(
  folder: string,
  material: Material,
  order: { to: string; value: string; nonce: number },
): Signed {
  const load = createRequire(join(folder, 'package.json'));
  const { construct, getRegistryBase } = load('@substrate/txwrapper-core') as Core;
  const { methods } = load('@substrate/txwrapper-substrate') as Substrate;
  const { Keyring } = load('@polkadot/api') as Api;
  const { metadata: metadataRpc, at, genesisHash } = material;
  const chainProperties = { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' };
  const registry = getRegistryBase({ chainProperties, specTypes: {}, metadataRpc });
  const alice = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//Alice');
  const info = {
    address: alice.address,
    blockHash: at.hash,
    blockNumber: Number(at.height),
    eraPeriod: 64,
    genesisHash,
    metadataRpc,
    nonce: order.nonce,
    specVersion: Number(material.specVersion),
    transactionVersion: Number(material.txVersion),
    tip: 0,
  };
  const args = { dest: { id: order.to }, value: order.value };
  const unsigned = methods.balances.transferKeepAlive(args, info, { metadataRpc, registry });
  const payload = construct.signingPayload(unsigned, { registry });
  const { signature } = registry.createType('ExtrinsicPayload', payload, { version: 4 }).sign(alice);
  const tx = construct.signedTx(unsigned, signature, { metadataRpc, registry });
  return { tx, hash: construct.txHash(tx) };
}
