import { LocalNetwork, anyPorts } from './src/index.ts';
import { writeFileSync } from 'node:fs';
const network = new LocalNetwork({ directory: '/tmp/clinet/net', driver: 'process', images: ['process'], ports: await anyPorts(), dapp: false });
await network.start(AbortSignal.timeout(120000));
writeFileSync('/tmp/clinet/url', network.rpcUrl);
process.on('SIGTERM', () => void network.stop().then(() => process.exit(0)));
setInterval(() => undefined, 1000);
