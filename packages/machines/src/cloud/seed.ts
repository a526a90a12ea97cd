import type { HostIdentity } from '../ssh/host-identity.ts';
import { isoImage } from './iso9660.ts';

export type Seed = {
  /** cloud-init does its first-boot work once for each of these. */
  instanceId: string;
  hostName: string;
  loginUser: string;
  sshPublicKeys: readonly string[];
  mac: string;
  hostKey: HostIdentity;
};

/** The volume label by which cloud-init's NoCloud source finds its disk. */
const LABEL = 'cidata';

/**
 * What a distribution's cloud image is told at its first boot: its name, the renter's keys, the host key, no passwords for anybody,
 * DHCP by IPv4.
 * JSON is YAML, so nothing that comes from outside can break out of its place.
 */
export function seedImage({ instanceId, hostName, loginUser, sshPublicKeys, mac, hostKey }: Seed): Buffer {
  const user = {
    name: loginUser,
    lock_passwd: true,
    shell: '/bin/bash',
    sudo: 'ALL=(ALL) NOPASSWD:ALL',
    ssh_authorized_keys: sshPublicKeys,
  };
  const userData = {
    users: [user],
    disable_root: true,
    ssh_pwauth: false,
    chpasswd: { expire: false },
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.openssh, ed25519_public: hostKey.publicKey },
    growpart: { mode: 'auto', devices: ['/'] },
    resize_rootfs: true,
    package_update: false,
    // Small images have no locales to set, and cloud-init would call its first boot failed.
    locale: false,
  };
  const network = {
    version: 2,
    ethernets: { machine: { match: { macaddress: mac }, dhcp4: true, dhcp6: false, 'link-local': [] } },
  };
  const metaData = { 'instance-id': instanceId, 'local-hostname': hostName };
  const file = (name: string, text: string) => ({ name, content: Buffer.from(text, 'utf8') });
  return isoImage(LABEL, [
    file('meta-data', `${JSON.stringify(metaData)}\n`),
    file('network-config', `${JSON.stringify(network)}\n`),
    file('user-data', `#cloud-config\n${JSON.stringify(userData)}\n`),
  ]);
}
