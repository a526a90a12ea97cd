const STORAGE_KEY = 'hamster.rpc';
const DEFAULT_URL = 'ws://127.0.0.1:9944';

export interface UrlSources {
  /** The page's query, `?rpc=ws://…`: for this visit only. */
  readonly query: string;
  readonly storage: Pick<Storage, 'getItem'>;
  /** What the build was made for. */
  readonly built: string | undefined;
}

/** The node to talk to: named in the address bar, else chosen earlier, else the build's, else the local one. */
export function chooseNodeUrl({ query, storage, built }: UrlSources): string {
  const candidates = [new URLSearchParams(query).get('rpc'), storage.getItem(STORAGE_KEY), built];
  return candidates.find((url) => url != null && isNodeUrl(url)) ?? DEFAULT_URL;
}

export function rememberNodeUrl(storage: Pick<Storage, 'setItem'>, url: string): void {
  storage.setItem(STORAGE_KEY, url);
}

/** The page's own address without a node in it, which would win over the one chosen since when the page is read again. */
export function withoutNodeUrl(address: string): string {
  const url = new URL(address);
  url.searchParams.delete('rpc');
  return url.href;
}

export function isNodeUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'ws:' || url.protocol === 'wss:') && url.hostname !== '';
}
