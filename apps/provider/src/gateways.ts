import type { ChainClient, Gateway } from '@hamster/chain-client';
import { sentenceOf, type Logger } from '@hamster/daemon';

const EVERY_MS = 15_000;
const READ_TIMEOUT_MS = 10_000;

/** The chain's list of gateways that are online, refreshed again and again; the last good list stands meanwhile. */
export interface GatewayList {
  current(): readonly Gateway[];
  stop(): void;
}

/** Reads the list once, then keeps it fresh. `onChange` is called after each good read. */
export async function followGateways(
  client: ChainClient,
  { log, onChange }: { readonly log: Logger; readonly onChange: () => void },
): Promise<GatewayList> {
  let list: readonly Gateway[] = await client.gateways({ timeoutMs: READ_TIMEOUT_MS });
  let reading = false;
  const refresh = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      list = await client.gateways({ timeoutMs: READ_TIMEOUT_MS });
      onChange();
    } catch (error) {
      log.debug({ reason: sentenceOf(error) }, 'could not read the list of gateways');
    } finally {
      reading = false;
    }
  };
  const timer = setInterval(() => void refresh(), EVERY_MS);
  return { current: () => list, stop: () => clearInterval(timer) };
}
