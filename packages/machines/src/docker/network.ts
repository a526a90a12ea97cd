import type Docker from 'dockerode';
import { textOf } from '../errors.ts';
import { chooseSubnet, hostRanges, parseCidr } from '../host/subnets.ts';
import type { Range } from '../host/subnets.ts';
import { ifThere } from './engine.ts';
import { LABEL } from './names.ts';
import type { ContainerNames } from './names.ts';

const MAX_ATTEMPTS = 5;

export type NetworkOrder = {
  chain: string;
  leaseId: string;
  names: ContainerNames;
  pools: readonly string[];
};

/** A bridge for this machine alone. Containers that share one would see each other. */
export async function ensureNetwork(api: Docker, order: NetworkOrder): Promise<void> {
  const { names } = order;
  if (await ifThere(api.getNetwork(names.network).inspect())) return;
  const refused: Range[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const { gateway, address } = chooseSubnet(order.pools, [...(await hostRanges()), ...refused]);
    try {
      await api.createNetwork(networkConfig(order, gateway));
      return;
    } catch (error) {
      // Docker knows of ranges that no interface shows, and another process may take the same one at this moment.
      if (attempt === MAX_ATTEMPTS || !/overlap|already exists/i.test(textOf(error))) throw error;
      refused.push(parseCidr(`${address}/24`));
    }
  }
}

export async function removeNetwork(api: Docker, names: ContainerNames): Promise<void> {
  await ifThere(api.getNetwork(names.network).remove());
}

function networkConfig(
  { chain, leaseId, names }: NetworkOrder,
  gateway: string,
): Docker.NetworkCreateOptions {
  return {
    Name: names.network,
    CheckDuplicate: true,
    Driver: 'bridge',
    EnableIPv6: false,
    IPAM: { Driver: 'default', Config: [{ Subnet: gateway.replace(/\.\d+$/, '.0/24'), Gateway: gateway }] },
    Options: {
      'com.docker.network.bridge.name': names.bridge,
      'com.docker.network.bridge.enable_icc': 'false',
    },
    Labels: { [LABEL.chain]: chain, [LABEL.lease]: leaseId },
  };
}
