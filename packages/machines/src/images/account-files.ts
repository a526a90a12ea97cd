type SmallSystem = {
  /** As the catalogue calls the image. */
  name: string;
  homes: { root: string; renter: string };
  /** What whoever logs in should know. */
  notice: string;
};

/** Files of /etc for a small system with the accounts `root` and `renter`. */
export function accountFiles({ name, homes, notice }: SmallSystem): Record<string, string> {
  return {
    'etc/passwd': `root:*:0:0:root:${homes.root}:/bin/sh\nrenter:*:1000:1000:renter:${homes.renter}:/bin/sh\n`,
    'etc/group': 'root:x:0:\nrenter:x:1000:\n',
    // The password field "*" fits no password; "!" would lock the account for keys too.
    'etc/shadow': 'root:*:19000:0:99999:7:::\nrenter:*:19000:0:99999:7:::\n',
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'etc/shells': '/bin/sh\n',
    'etc/hosts': '127.0.0.1 localhost\n',
    'etc/os-release': `NAME="Hamster ${name}"\nPRETTY_NAME="Hamster ${name}"\nID=hamster\nVARIANT_ID=${name}\n`,
    'etc/motd': `${notice}\n`,
    'etc/profile': 'export PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin LANG=C.UTF-8\n',
  };
}
