/** How to reach a daemon: its address, without a slash at the end, and the token of its API. */
export interface DaemonAccess {
  readonly url: string;
  readonly token: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Stores {
  /** Until the tab is closed. */
  readonly tab: Store;
  /** Until it is forgotten; undefined where other pages could read it there. */
  readonly browser: Store | undefined;
}

export const DEFAULT_URL = 'http://127.0.0.1:9618';
const STORAGE_KEY = 'hamster.daemon';
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;
const TOKEN = /^[A-Za-z0-9_-]{32,128}$/;

/** The address without what is too much; undefined for one that is not of this computer: no token is sent anywhere else. */
export function daemonUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url?.protocol !== 'http:' || !LOOPBACK.test(url.hostname) || url.username !== '') return undefined;
  // The name may lead to ::1, where another user's program may have the very port of the daemon.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  return url.origin;
}

export function daemonToken(text: string): string | undefined {
  const token = text.trim();
  return TOKEN.test(token) ? token : undefined;
}

/** Whether a page of this host shares what it keeps with every program that was or will be served at its port. */
export function isThisComputer(hostname: string): boolean {
  return LOOPBACK.test(hostname) || hostname.endsWith('.localhost');
}

/** Address and token out of the query of a link that `hamster daemon` printed. */
export function accessFrom({ url, token }: Record<string, unknown>): DaemonAccess | undefined {
  const found = { url: daemonUrl(String(url)), token: daemonToken(String(token)) };
  if (found.url === undefined || found.token === undefined) return undefined;
  return { url: found.url, token: found.token };
}

export function rememberAccess({ tab, browser }: Stores, access: DaemonAccess, stay: boolean): void {
  forgetAccess({ tab, browser });
  ((stay && browser) || tab).setItem(STORAGE_KEY, `${access.url}\n${access.token}`);
}

export function recallAccess({ tab, browser }: Stores): DaemonAccess | undefined {
  const [url, token] = (tab.getItem(STORAGE_KEY) ?? browser?.getItem(STORAGE_KEY) ?? '').split('\n');
  return accessFrom({ url, token });
}

export function forgetAccess({ tab, browser }: Stores): void {
  tab.removeItem(STORAGE_KEY);
  browser?.removeItem(STORAGE_KEY);
}
