/** Where drivers keep images and disks unless told otherwise. */
export const DEFAULT_STATE_DIR = '/var/lib/libvirt/images/hamster';
