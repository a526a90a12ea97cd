/**
 * The SSH server of small images, and what it takes to copy files: dropbear starts OpenSSH's sftp server by this path, and
 * clients of before 2022 ask for `scp`. Both need no library but that of C.
 */
export const SSH_PROGRAMS: readonly string[] = [
  '/usr/sbin/dropbear',
  '/usr/bin/dropbearkey',
  '/usr/lib/sftp-server',
  '/usr/bin/scp',
];
