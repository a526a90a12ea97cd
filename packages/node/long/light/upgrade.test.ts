import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { toHex } from '@hamster/crypto';
import { createRuntime, VERSION } from '@hamster/runtime';
import { codeEntries } from '@hamster/runtime-wasm';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { expect, it, onTestFinished } from 'vitest';
import { genesisState, startNode } from '../../src/index.ts';
import { ALICE } from '../../test/core/dev-keys.ts';
import { recorder } from '../../test/core/harness.ts';
import { DEV_SPEC } from '../../test/core/root.ts';
import { lightClient, type LightClient } from '../../test/network/support/light-client.ts';
import { join } from '../../test/network/support/networks.ts';

const NOW = VERSION.specVersion;

/** The rules as a release with this version calls them. */
const release = (specVersion: number) =>
  createRuntime({ code: codeEntries, version: { ...VERSION, specVersion } });

/** What `build-spec --raw` of the first release prints. */
function rawSpec(bootnode: string): string {
  const entries = [...genesisState(DEV_SPEC, release(NOW))].map(
    ([key, value]) => [toHex(key), toHex(value)] as const,
  );
  const genesis = { raw: { top: Object.fromEntries(entries), childrenDefault: {} } };
  const outline = { bootNodes: [bootnode], telemetryEndpoints: null, protocolId: null, codeSubstitutes: {} };
  return JSON.stringify({ ...DEV_SPEC, ...outline, genesis });
}

/** A node that makes a block each second, in one folder and at one address whichever release it runs. */
async function site() {
  const basePath = await mkdtemp(joinPath(tmpdir(), 'hamster-upgrade-'));
  onTestFinished(() => rm(basePath, { recursive: true, force: true }));
  const privateKey = await generateKeyPair('Ed25519');
  let listen = '/ip4/127.0.0.1/tcp/0/ws';
  return async (specVersion: number) => {
    const { logger } = recorder();
    const runtime = release(specVersion);
    const node = await startNode({ chainSpec: DEV_SPEC, basePath, keys: ALICE, logger }, { runtime });
    const tcp = '/ip4/127.0.0.1/tcp/0';
    const network = await join(node.access, { role: 'authority', privateKey, listen: [tcp, listen] });
    onTestFinished(() => node.close());
    const address = network.addresses().find((each) => each.includes('/ws')) ?? '';
    [listen = listen] = address.split('/p2p/');
    const stop = async (): Promise<void> => {
      await network.close();
      await node.close();
    };
    return { address, stop };
  };
}

function follow(address: string): LightClient {
  const light = lightClient(rawSpec(address));
  onTestFinished(() => light.stop());
  return light;
}

/** Resolves when the client runs rules of that version. */
function runs({ papi }: LightClient, specVersion: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const asking = papi.finalizedBlock$.subscribe({
      next({ hash }) {
        const version = papi.getUnsafeApi().apis['Core']!['version']!({ at: hash });
        version.then(
          (found) => {
            if ((found as { spec_version: number }).spec_version !== specVersion) return;
            asking.unsubscribe();
            resolve();
          },
          // A block that was let go of meanwhile: the next one is asked.
          () => undefined,
        );
      },
      error: reject,
    });
  });
}

it('smoldot takes the code of a newer release, while it follows and when it comes later', async () => {
  const run = await site();
  const before = await run(NOW);
  const witness = follow(before.address);
  await runs(witness, NOW);
  await before.stop();
  const after = await run(NOW + 1);
  expect(after.address).toBe(before.address);
  await runs(witness, NOW + 1);
  const newcomer = follow(after.address);
  await runs(newcomer, NOW + 1);
}, 300_000);
