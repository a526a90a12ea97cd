#!/bin/sh
# A disk as distributions publish them, made of Debian's packages: GRUB in its boot sector, cloud-init on it, nobody's keys.
# Usage: build-cloud-image.sh FOLDER, as root; leaves FOLDER/cloud.qcow2. Takes minutes.
set -eu
FOLDER=$1
ROOT=$FOLDER/root
RAW=$FOLDER/cloud.raw
SECTORS=6291456
START=2048
PACKAGES=linux-image-cloud-amd64,systemd-sysv,udev,dbus,cloud-init,cloud-guest-utils,openssh-server
PACKAGES=$PACKAGES,sudo,iproute2,netplan.io,libnss-myhostname,e2fsprogs,procps,grub-pc-bin,lz4

mmdebstrap --quiet --mode=root --variant=minbase --include=$PACKAGES --format=directory bookworm "$ROOT"
rm -f "$ROOT"/etc/ssh/ssh_host_* "$ROOT"/var/lib/dbus/machine-id
rm -rf "$ROOT"/var/cache/apt/* "$ROOT"/var/lib/apt/lists/* "$ROOT"/usr/share/doc/*
: >"$ROOT/etc/machine-id"
echo localhost >"$ROOT/etc/hostname"
echo 'LABEL=root / ext4 defaults,noatime 0 1' >"$ROOT/etc/fstab"
# With one source there is nothing to look for.
echo 'datasource_list: [ NoCloud ]' >"$ROOT/etc/cloud/cloud.cfg.d/90_datasources.cfg"
# Of Debian's own lists what obeys a seed of ours, in their order: the others would do nothing, and each takes time to load.
cat >"$ROOT/etc/cloud/cloud.cfg.d/91_modules.cfg" <<CFG
cloud_init_modules: [migrator, seed_random, growpart, resizefs, set_hostname, update_hostname, users-groups, ssh]
cloud_config_modules: [locale, set-passwords]
cloud_final_modules: [package-update-upgrade-install, ssh-authkey-fingerprints, final-message]
CFG

# Of no use in a disk that lives for minutes, and each takes long under emulation.
for unit in e2scrub_reap.service e2scrub_all.timer apt-daily.timer apt-daily-upgrade.timer fstrim.timer getty@tty1.service \
  systemd-pstore.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
  systemd-binfmt.service systemd-journal-flush.service modprobe@drm.service modprobe@fuse.service \
  modprobe@efi_pstore.service modprobe@dm_mod.service modprobe@loop.service; do
  ln -sf /dev/null "$ROOT/etc/systemd/system/$unit"
done

# An initial RAM disk of what finds the disk, and no more, is unpacked in a fraction of the time.
printf 'MODULES=list\nCOMPRESS=lz4\n' >"$ROOT/etc/initramfs-tools/conf.d/small"
printf 'virtio_pci\nvirtio_blk\n' >>"$ROOT/etc/initramfs-tools/modules"
chroot "$ROOT" update-initramfs -u

KERNEL=$(basename "$ROOT"/boot/vmlinuz-*)
mkdir -p "$ROOT/boot/grub"
cat >"$ROOT/boot/grub/grub.cfg" <<CFG
set timeout=0
linux /boot/$KERNEL root=LABEL=root ro quiet console=ttyS0 net.ifnames=0 fsck.mode=skip mitigations=off audit=0 apparmor=0
initrd /boot/initrd.img-${KERNEL#vmlinuz-}
boot
CFG

# What GRUB's installer would do through a loop device, which not every host has.
printf 'search --no-floppy --label root --set=root\nset prefix=($root)/boot/grub\nnormal\n' >"$ROOT/tmp/early.cfg"
chroot "$ROOT" grub-mkimage -O i386-pc -o /tmp/core.img -p '(hd0,msdos1)/boot/grub' -c /tmp/early.cfg \
  biosdisk part_msdos ext2 search search_label normal linux configfile echo minicmd serial terminal
mv "$ROOT/tmp/core.img" "$FOLDER/core.img"
cp "$ROOT/usr/lib/grub/i386-pc/boot.img" "$FOLDER/boot.img"
rm "$ROOT/tmp/early.cfg"

truncate -s $((SECTORS * 512)) "$RAW"
mke2fs -q -t ext4 -F -L root -m 1 -b 4096 -O ^metadata_csum_seed,^orphan_file \
  -E offset=$((START * 512)),lazy_itable_init=1,lazy_journal_init=1,nodiscard -d "$ROOT" "$RAW" $(((SECTORS - START) / 8))
# One partition of Linux's type, bootable: from sector 2048, 6289408 long; then the signature.
printf '\200\376\377\377\203\376\377\377\000\010\000\000\000\370\137\000' | dd of="$RAW" bs=1 seek=446 conv=notrunc status=none
printf '\125\252' | dd of="$RAW" bs=1 seek=510 conv=notrunc status=none
dd if="$FOLDER/boot.img" of="$RAW" bs=440 count=1 conv=notrunc status=none
dd if="$FOLDER/core.img" of="$RAW" bs=512 seek=1 conv=notrunc status=none
qemu-img convert -O qcow2 "$RAW" "$FOLDER/cloud.qcow2"
rm -rf "$RAW" "$ROOT" "$FOLDER/core.img" "$FOLDER/boot.img"
