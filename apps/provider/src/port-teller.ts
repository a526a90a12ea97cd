import type { Logger } from '@hamster/daemon';
import type { PortMapping } from '@hamster/p2p';
import type { Pulse } from './pulse.ts';

/** A port that cannot be mapped costs speed, and most routers map none: that is for the doctor, not for the log. */
export function portTeller(pulse: Pulse, log: Logger): (mapping: PortMapping) => void {
  return (mapping) => {
    pulse.portMapped(mapping);
    if (mapping.state === 'mapped')
      log.info({ address: mapping.address, by: mapping.by }, 'the router forwards a port');
    if (mapping.state === 'unmapped') log.debug({ reason: mapping.why }, 'the router forwards no port');
  };
}
