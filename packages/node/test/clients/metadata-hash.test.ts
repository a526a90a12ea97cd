import { ApiPromise, WsProvider } from '@polkadot/api';
import { Keyring } from '@polkadot/keyring';
import { DedotClient, WsProvider as DedotProvider } from 'dedot';
import { MerkleizedMetadata } from 'dedot/merkleized-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';

type HexString = `0x${string}`;

const FALSE_HASH: HexString = `0x${'11'.repeat(32)}`;

/** What a wallet on a device of its own signs (RFC 78), so that a page cannot show it one call and have it sign another. */
describe('signers that sign the hash of the metadata', () => {
  let node: NodeProcess;
  let metadataHash: HexString;
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const [alice, bob] = [keyring.addFromUri('//Alice'), keyring.addFromUri('//Bob')];

  beforeAll(async () => {
    node = await startNodeProcess('--dev', '--block-time', '300ms');
    const client = await DedotClient.new(new DedotProvider(node.url));
    const [metadata, properties] = await Promise.all([
      client.call.metadata.metadataAtVersion(15),
      client.chainSpec.properties(),
    ]);
    const { tokenDecimals: decimals, tokenSymbol } = properties;
    const digest = new MerkleizedMetadata(metadata as HexString, {
      decimals: Number(decimals),
      tokenSymbol: String(tokenSymbol),
    }).digest();
    metadataHash = `0x${Buffer.from(digest).toString('hex')}`;
    await client.disconnect();
  });
  afterAll(() => node?.stop());

  it('@polkadot/api', async () => {
    const api = await ApiPromise.create({ provider: new WsProvider(node.url), noInitWarn: true });
    const remark = () => api.tx.system!.remarkWithEvent!('0x01');
    const { promise: done, resolve, reject } = Promise.withResolvers<string[]>();
    await remark().signAndSend(
      alice,
      { mode: 1, metadataHash, era: 16 },
      ({ isFinalized, isError, events }) => {
        if (isFinalized) resolve(events.map(({ event }) => event.method));
        else if (isError) reject(new RangeError('It was refused'));
      },
    );
    expect(await done).toEqual(expect.arrayContaining(['Remarked', 'ExtrinsicSuccess']));
    const other = remark().signAndSend(alice, { mode: 1, metadataHash: FALSE_HASH });
    await expect(other).rejects.toThrow('1010: Invalid Transaction: Transaction has a bad signature');
    await api.disconnect();
  });

  it('dedot', async () => {
    const client = await DedotClient.new(new DedotProvider(node.url));
    const remark = client.tx.system.remarkWithEvent('0x02');
    const { events, dispatchError } = await remark.signAndSend(bob, { metadataHash }).untilFinalized();
    expect(dispatchError).toBeUndefined();
    expect(events.some(({ event }) => client.events.system.Remarked.is(event))).toBe(true);
    await client.disconnect();
  });
});
