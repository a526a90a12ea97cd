/**
 * The renter's keys as systemd credentials in SMBIOS strings of type 11: systemd from 252 on, and the init of the tiny
 * image, lay them out at boot. They are inline in the definition, so no file of the host has to be readable to the guest.
 */
export function credentialStrings(sshPublicKeys: readonly string[]): string[] {
  const keys = base64(sshPublicKeys.map((key) => `${key}\n`).join(''));
  // "f~": make the file unless it is there, content in base64 (tmpfiles.d(5)).
  const extra = `f~ /home/renter/.ssh/authorized_keys 0600 renter renter - ${keys}\n`;
  return [
    `io.systemd.credential.binary:ssh.authorized_keys.root=${keys}`,
    `io.systemd.credential.binary:tmpfiles.extra=${base64(extra)}`,
  ];
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
