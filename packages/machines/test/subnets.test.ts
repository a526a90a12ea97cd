import { describe, expect, it } from 'vitest';
import { chooseSubnet, parseCidr, parseRoutes } from '../src/host/subnets.ts';

const pools = ['10.77.0.0/16', '192.168.128.0/17'];

describe('chooseSubnet', () => {
  it('takes the first that is free', () => {
    expect(chooseSubnet(pools, [])).toEqual({ gateway: '10.77.0.1', address: '10.77.0.10' });
    const taken = [parseCidr('10.77.0.10/24'), parseCidr('10.77.1.129/25')];
    expect(chooseSubnet(pools, taken)).toEqual({ gateway: '10.77.2.1', address: '10.77.2.10' });
  });

  it('goes to another pool when a network of the host covers the first', () => {
    expect(chooseSubnet(pools, [parseCidr('10.0.0.0/8')]).gateway).toBe('192.168.128.1');
  });

  it('says so when nothing is left', () => {
    const all = [parseCidr('0.0.0.0/0')];
    expect(() => chooseSubnet(pools, all)).toThrow(expect.objectContaining({ code: 'InsufficientCapacity' }));
  });
});

describe('parseRoutes', () => {
  it('reads the table of the kernel and leaves the default route out', () => {
    const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT';
    const standard = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0';
    const lan = 'eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0';
    expect(parseRoutes([head, standard, lan].join('\n'))).toEqual([parseCidr('192.168.1.0/24')]);
  });
});
