import { Metadata, TypeRegistry } from '@polkadot/types';
import type { SiLookupTypeId } from '@polkadot/types/interfaces';
import { xxhashAsHex } from '@polkadot/util-crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../rpc/support/client.ts';
import { startRealChain, type RealChain } from './support/real-chain.ts';
import { signedTransfers, type SignedTransfer } from './support/signed-transfer.ts';

const META = Buffer.from('meta').toString('hex');
const HOUR_MS = 3_600_000;

/** The traps that lie in what the rules put on the wire; `test/rpc/wire-traps.test.ts` has those of the server. */
describe('wire traps of the rules', () => {
  let chain: RealChain;
  let client: TestClient;
  let transfer: SignedTransfer;
  beforeAll(async () => {
    chain = await startRealChain(1000, { manualSeal: true });
    client = await chain.connect();
    await client.call('dev_newBlock');
    [transfer = failed()] = await signedTransfers(chain.url, [0]);
  });
  afterAll(() => chain?.stop());

  const state = (api: string, args: string): Promise<string> => client.call('state_call', [api, args]);

  /** As the node answers it in that version. */
  async function metadata(version: number): Promise<Metadata> {
    const answer = await state('Metadata_metadata_at_version', `0x${scale('u32', version)}`);
    return new Metadata(new TypeRegistry(), `0x${answer.slice(answer.indexOf(META))}`);
  }

  describe.each([14, 15, 16])('in metadata %i', (version) => {
    let read: Metadata;
    beforeAll(async () => {
      read = await metadata(version);
    });
    const typeOf = (id: SiLookupTypeId) => read.asLatest.lookup.getSiType(id);

    it('trap 3: extensions that send nothing are composites without fields', () => {
      const empty = read.asLatest.extrinsic.transactionExtensions
        .filter(
          ({ type }) => typeOf(type).def.isComposite && typeOf(type).def.asComposite.fields.length === 0,
        )
        .map(({ identifier }) => identifier.toString());
      expect(empty).toEqual([
        'CheckNonZeroSender',
        'CheckSpecVersion',
        'CheckTxVersion',
        'CheckGenesis',
        'CheckWeight',
      ]);
    });

    it('trap 4: an extrinsic has the type UncheckedExtrinsic, with its four parameters', () => {
      const uncheckeds = read.asLatest.lookup.types.filter(
        ({ type: { path } }) => path.join('::') === UNCHECKED,
      );
      expect(uncheckeds.map(({ type }) => type.params.map(({ name }) => name.toString()))).toEqual([
        ['Address', 'Call', 'Signature', 'Extra'],
      ]);
    });

    it('trap 9: the extension CheckMetadataHash and the storage Balances.Locks are there', () => {
      const { extrinsic, pallets } = read.asLatest;
      expect(extrinsic.transactionExtensions.map(({ identifier }) => identifier.toString())).toContain(
        'CheckMetadataHash',
      );
      const balances = pallets.find(({ name }) => name.eq('Balances'))?.storage.unwrap().items ?? [];
      expect(balances.map(({ name }) => name.toString())).toContain('Locks');
    });
  });

  it.each([15, 16])('trap 4: runtime APIs of metadata %i take it as UncheckedExtrinsic', async (version) => {
    const { apis, lookup } = (await metadata(version)).asLatest;
    const typesOf = (api: string, method: string): string[] =>
      apis
        .find(({ name }) => name.eq(api))
        ?.methods.find(({ name }) => name.eq(method))
        ?.inputs.map(({ type }) => lookup.getSiType(type).path.join('::')) ?? [];
    expect(typesOf('TransactionPaymentApi', 'query_info')).toEqual([UNCHECKED, '']);
    expect(typesOf('TransactionPaymentApi', 'query_fee_details')).toEqual([UNCHECKED, '']);
    expect(typesOf('TaggedTransactionQueue', 'validate_transaction')).toContain(UNCHECKED);
  });

  it('trap 4: it comes with the one length that it has on the wire, and not with a second one', async () => {
    const [bytes, length] = [transfer.hex.slice(2), scale('u32', lengthOf(transfer.hex))];
    expect(await state('TransactionPaymentApi_query_info', `0x${bytes}${length}`)).toMatch(/^0x/);
    const twice = `0x${scale('Compact<u32>', lengthOf(transfer.hex))}${bytes}${length}`;
    expect(await client.fails('state_call', ['TransactionPaymentApi_query_info', twice])).toMatchObject({
      code: 4003,
    });
  });

  it('trap 3 and 9: a signed extrinsic carries era, nonce, tip and one byte for CheckMetadataHash, no more', () => {
    const [prefix, address, signature] = [2, 1 + 1 + 32, 1 + 64];
    const behind = transfer.hex.slice(2 + 2 * (prefix + address + signature));
    // Immortal, nonce 0, tip 0, no metadata hash; the call is Balances.transfer_keep_alive to an id.
    expect(behind).toMatch(/^00000000[0-9a-f]{4}00[0-9a-f]{64}070010a5d4e8$/);
  });

  it('trap 5: state_getMetadata is plain V14 bytes', async () => {
    expect(await client.call('state_getMetadata')).toMatch(new RegExp(`^0x${META}0e`));
  });

  it('trap 5: Metadata_metadata has a length in front', async () => {
    const plain = await client.call<string>('state_getMetadata');
    const prefixed = await state('Metadata_metadata', '0x');
    expect(prefixed).toBe(`0x${scale('Compact<u32>', lengthOf(plain))}${plain.slice(2)}`);
  });

  it('trap 5: Metadata_metadata_at_version is an option of bytes with a length, for each version listed and no other', async () => {
    const listed = Buffer.from((await state('Metadata_metadata_versions', '0x')).slice(4), 'hex');
    const versions = [0, 4, 8].map((offset) => listed.readUInt32LE(offset));
    expect(versions).toEqual([14, 15, 16]);
    for (const version of versions) {
      const answer = await state('Metadata_metadata_at_version', `0x${scale('u32', version)}`);
      const length = scale('Compact<u32>', lengthOf(`0x${answer.slice(answer.indexOf(META))}`));
      expect(answer.startsWith(`0x01${length}${META}${scale('u8', version)}`)).toBe(true);
    }
    for (const version of [0, 13, 17, 0xffff_ffff])
      expect(await state('Metadata_metadata_at_version', `0x${scale('u32', version)}`)).toBe('0x00');
  });

  it('trap 7: the state has :code, without whose hash polkadot-api waits for ever', async () => {
    expect(await client.call('state_getStorageHash', ['0x3a636f6465'])).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('trap 8: the runtime of the parent of the first block can be asked for, as dedot does', async () => {
    const late = await client.call<string>('archive_v1_call', [
      chain.node.backend.genesisHash,
      'Core_version',
      '0x',
    ]);
    expect(late).toMatchObject({ success: true });
    expect(await client.call('state_call', ['Core_version', '0x', chain.node.backend.genesisHash])).toMatch(
      /^0x/,
    );
  });

  it('trap 9: an account without locks has no value there, and not an error', async () => {
    const map = `${xxhashAsHex('Balances', 128)}${xxhashAsHex('Locks', 128).slice(2)}`;
    const key = `${map}${'00'.repeat(16)}${transfer.senderId.slice(2)}`;
    expect(await client.call('state_queryStorageAt', [[key]])).toMatchObject([{ changes: [[key, null]] }]);
  });

  it('trap 10: payment_queryInfo has an object as weight, and says what the advertised TransactionPaymentApi says', async () => {
    const { apis } = await client.call<{ apis: [string, number][] }>('state_getRuntimeVersion');
    expect(apis).toContainEqual([TRANSACTION_PAYMENT, 4]);
    const { weight, ...info } = await client.call<LegacyInfo>('payment_queryInfo', [transfer.hex]);
    expect(info).toEqual({ class: 'normal', partialFee: expect.stringMatching(/^[1-9]\d*$/) as unknown });
    const encoded = [
      scale('Compact<u64>', weight.ref_time),
      scale('Compact<u64>', weight.proof_size),
      '00',
      scale('u128', info.partialFee),
    ];
    const args = `${transfer.hex}${scale('u32', lengthOf(transfer.hex))}`;
    expect(await state('TransactionPaymentApi_query_info', args)).toBe(`0x${encoded.join('')}`);
  });
});

/** dedot loses its transaction when it is signed while the first block of all is the only one. */
describe('a development chain that was just begun', () => {
  let chain: RealChain;
  beforeAll(async () => {
    chain = await startRealChain(HOUR_MS);
  });
  afterAll(() => chain?.stop());

  it('trap 8: has its second block at once, however long its slots are', async () => {
    const client = await chain.connect();
    const head = (): Promise<unknown> => client.call('chain_getHeader');
    await expect.poll(head, { timeout: 30_000 }).toMatchObject({ number: '0x1' });
  });
});

interface LegacyInfo {
  readonly weight: { readonly ref_time: number; readonly proof_size: number };
  readonly class: string;
  readonly partialFee: string;
}

const UNCHECKED = 'sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic';
const TRANSACTION_PAYMENT = '0x37c8bb1350a9a2a8';

function failed(): never {
  throw new RangeError('no transfer was signed');
}

const lengthOf = (hex: string): number => hex.length / 2 - 1;

/** In hex without 0x, by another's codec than ours. */
const scale = (type: string, value: number | string): string =>
  Buffer.from(new TypeRegistry().createType(type, value).toU8a()).toString('hex');
