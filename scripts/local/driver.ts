import { mayChangeLinks } from '@hamster/machines';
import { runApp, runAppOrThrow, type DriverName } from '@hamster/testing';
import { connect } from 'node:net';
import { once } from 'node:events';

export type DriverChoice = DriverName | 'auto';

const LIBVIRT_SOCKETS = ['/var/run/libvirt/libvirt-sock', '/var/run/libvirt/virtqemud-sock'];
/** What the process driver calls its only environment. */
const PROCESS_IMAGE = 'process';

/** Real virtual machines where libvirt answers and they can be kept from the host, otherwise throw-away environments on this host. */
export async function chooseDriver(choice: DriverChoice): Promise<DriverName> {
  if (choice !== 'auto') return choice;
  for (const path of LIBVIRT_SOCKETS) {
    if ((await answers(path)) && (await mayChangeLinks())) return 'libvirt';
  }
  return 'process';
}

/** The image to rent with that driver, built now if it is not there yet, or if another version built it. */
export async function readyImage(
  driver: DriverName,
  image: string,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<string> {
  if (driver === 'process') return PROCESS_IMAGE;
  const { stdout } = await runApp('provider', ['image', 'list', '--json'], { signal });
  const listed = JSON.parse(stdout) as { readonly name: string; readonly upToDate: boolean }[];
  if (listed.some(({ name, upToDate }) => name === image && upToDate)) return image;
  say(`building the guest image ${image} from the distribution's packages; this is needed once`);
  await runAppOrThrow('provider', ['image', 'build', image], { signal });
  return image;
}

async function answers(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    // No such socket, nobody behind it, or no right to open it: then this user has no libvirt.
    return false;
  } finally {
    socket.destroy();
  }
}
