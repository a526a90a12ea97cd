import type { DaemonForward } from './answers.ts';

export const SSH_PORT = 22;
const MAX_PORT = 65_535;
/** Ports at which machines most often serve web pages. */
const HTTP = [80, 3000, 5000, 8000, 8080, 8888];
const HTTPS = [443, 8443];

/** What a browser opens through a forward; undefined where no web page is to be expected. */
export function webAddress({ local, remote }: Pick<DaemonForward, 'local' | 'remote'>): string | undefined {
  if (HTTP.includes(remote)) return `http://127.0.0.1:${local}/`;
  return HTTPS.includes(remote) ? `https://127.0.0.1:${local}/` : undefined;
}

/** A port that was typed; undefined when it is none. */
export function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= MAX_PORT ? port : undefined;
}
