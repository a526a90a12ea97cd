import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { bytes, compact, u128, vec } from '@hamster/scale';

import { ensurePlainText } from '../../primitives/checks.ts';
import { MAX_TEXT } from '../../primitives/machine.ts';
import { putOnline } from '../access.ts';
import type { GatewayConfig } from '../config.ts';
import { ensureEndpoint } from '../endpoint.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Gateways, Parameters } from '../storage.ts';

export const register = (config: GatewayConfig) =>
  defineCall({
    index: 0,
    docs: [
      'Offer a relay with a public address. Clients find it at once; from now on you have to send heartbeats.',
      'The stake stays on your account, reserved. One gateway an account.',
    ],
    args: { peer_id: bytes, multiaddrs: vec(bytes), region: bytes, stake: compact(u128) },
    weight: () => weightOf(700, 12),
    dispatch(ctx, origin, { peer_id, multiaddrs, region, stake }) {
      const gateway = ensureSigned(origin);
      ensureEndpoint({ peer_id, multiaddrs });
      ensurePlainText(region, MAX_TEXT.region, errors);
      ensure(!Gateways.has(ctx, gateway), errors.AlreadyRegistered);
      ensure(stake >= Parameters.get(ctx).min_stake, errors.InsufficientStake);
      ensure(config.currency.spendable(ctx, gateway) >= stake, errors.InsufficientBalance);
      if (stake > 0n) config.currency.hold(ctx, 'GatewayStake', gateway, stake);
      putOnline(ctx, config, gateway, {
        ...{ peer_id, multiaddrs, region, stake },
        registered_at: ctx.now,
        last_heartbeat: ctx.now,
        status: { type: 'Online' },
        dropped_at: undefined,
      });
      ctx.deposit(events.Registered({ gateway }));
    },
  });
