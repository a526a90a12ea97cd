import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';

const META = Buffer.from('meta').toString('hex');

/** What the runtime puts on the wire, as bytes: clients decode these by hand before they know any type. */
describe('metadata and runtime APIs of a real node', () => {
  let node: NodeProcess;
  beforeAll(async () => {
    node = await startNodeProcess('--dev', '--manual-seal');
  });
  afterAll(() => node?.stop());

  const rpc = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${node.port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = (await answer.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(error.message);
    return result;
  };

  it('gives state_getMetadata as plain V14 bytes', async () => {
    expect((await rpc<string>('state_getMetadata')).startsWith(`0x${META}0e`)).toBe(true);
  });

  it('gives Metadata_metadata with a length in front', async () => {
    const plain = await rpc<string>('state_getMetadata');
    const prefixed = await rpc<string>('state_call', 'Metadata_metadata', '0x');
    const prefix = compactLength((plain.length - 2) / 2);
    expect(prefixed).toBe(`0x${prefix}${plain.slice(2)}`);
  });

  it('gives Metadata_metadata_at_version as an option of bytes with a length, and lists no version that it lacks', async () => {
    const listed = await rpc<string>('state_call', 'Metadata_metadata_versions', '0x');
    const versions = Buffer.from(listed.slice(4), 'hex');
    for (let offset = 0; offset < versions.length; offset += 4) {
      const version = versions.readUInt32LE(offset);
      const encoded = await rpc<string>('state_call', 'Metadata_metadata_at_version', u32(version));
      expect(encoded.slice(0, 4)).toBe('0x01');
      expect(encoded.slice(4, 60)).toContain(`${META}${version.toString(16).padStart(2, '0')}`);
    }
    expect(versions.length / 4).toBeGreaterThanOrEqual(2);
    expect(await rpc('state_call', 'Metadata_metadata_at_version', u32(99))).toBe('0x00');
  });

  it('has :code in its state', async () => {
    expect(await rpc('state_getStorageHash', '0x3a636f6465')).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('proves what it reads against the state root of the block', async () => {
    const { at, proof } = await rpc<{ at: string; proof: string[] }>('state_getReadProof', ['0x3a636f6465']);
    expect(at).toMatch(/^0x/);
    expect(proof.length).toBeGreaterThan(0);
  });

  it('makes a block when dev_newBlock says so, and none before', async () => {
    const before = await rpc<{ number: string }>('chain_getHeader');
    const hash = await rpc<string>('dev_newBlock');
    const after = await rpc<{ number: string }>('chain_getHeader', hash);
    expect(Number(after.number)).toBe(Number(before.number) + 1);
  });
});

const u32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return `0x${bytes.toString('hex')}`;
};

/** SCALE's compact form of a length from 2^14 up to 2^30. */
const compactLength = (length: number): string => u32(length * 4 + 2).slice(2);
