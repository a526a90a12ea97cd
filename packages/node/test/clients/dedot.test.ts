import { Keyring } from '@polkadot/keyring';
import { DedotClient, LegacyClient, WsProvider } from 'dedot';
import type { ISubmittableResult } from 'dedot/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';

const HAM = 10n ** 12n;

/** The strictest reader of the wire among the clients: it checks the shape of everything that it is told. */
describe('dedot, unmodified, against a real node', () => {
  let node: NodeProcess;
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const alice = keyring.addFromUri('//Alice');
  const bob = keyring.addFromUri('//Bob');

  beforeAll(async () => {
    node = await startNodeProcess('--dev', '--block-time', '300ms');
  });
  afterAll(() => node?.stop());

  const open = {
    'the new methods': () => DedotClient.new({ provider: new WsProvider(node.url), throwOnUnknownApi: true }),
    'the legacy methods': () =>
      LegacyClient.new({ provider: new WsProvider(node.url), throwOnUnknownApi: true }),
  };

  it.each(['the new methods', 'the legacy methods'] as const)(
    'reads, pays and sees its transaction final by %s',
    async (which) => {
      const client = await open[which]();
      expect(client.runtimeVersion.specName).toBe('hamster');
      expect((await client.query.system.account.entries()).length).toBeGreaterThanOrEqual(6);
      const before = (await client.query.system.account(bob.address)).data.free;
      const transfer = client.tx.balances.transferKeepAlive(bob.address, HAM);
      expect((await transfer.paymentInfo(alice)).partialFee).toBeGreaterThan(0n);
      const { events, dispatchError } = await transfer.signAndSend(alice).untilFinalized();
      expect(dispatchError).toBeUndefined();
      expect(events.some(({ event }) => client.events.balances.Transfer.is(event))).toBe(true);
      expect((await client.query.system.account(bob.address)).data.free).toBe(before + HAM);
      await client.disconnect();
    },
  );

  it.each(['the new methods', 'the legacy methods'] as const)(
    'trap 12: tells by %s that a transaction is in a block before it is final',
    async (which) => {
      const client = await open[which]();
      const told: string[] = [];
      await new Promise<void>((resolve, reject) => {
        const watch = ({ status: { type } }: ISubmittableResult): void => {
          told.push(type);
          if (type === 'Finalized') resolve();
        };
        client.tx.system.remark('0x00').signAndSend(alice, watch).catch(reject);
      });
      expect(told.slice(-2)).toEqual(['BestChainBlockIncluded', 'Finalized']);
      await client.disconnect();
    },
  );
});
