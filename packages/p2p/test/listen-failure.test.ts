import { createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createHost, createIdentity } from '../src/index.ts';

it('a host that cannot listen says of every address why not', async () => {
  const taken = createServer();
  onTestFinished(() => void taken.close());
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const listen = [`/ip4/127.0.0.1/tcp/${port}`, `/ip4/127.0.0.1/tcp/${port}/ws`];
  const starting = createHost({ identity: await createIdentity(), listen });
  await expect(starting).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
    message: `Cannot listen on ${listen.join(', ')}: EADDRINUSE: address already in use 127.0.0.1:${port}`,
  });
});
