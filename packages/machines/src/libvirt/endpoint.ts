import type { Endpoint } from '../driver.ts';
import type { ImageEntry } from '../images/entry.ts';
import { SSH_PORT } from './options.ts';

export function endpointOf(address: string, { loginUser }: ImageEntry): Endpoint {
  return { host: address, port: SSH_PORT, user: loginUser };
}
