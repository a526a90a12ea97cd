#!/usr/bin/env bash
# Gets a Debian or Ubuntu host ready to run Hamster's virtual machines, containers and browser tests:
# installs packages, starts daemons (also where no service manager does) and sets what the firewall needs.
# May be run again at any time; it changes only what is not yet so, and says what it did.
set -euo pipefail

readonly STATE_DIR=/var/lib/libvirt/images/hamster
readonly DEADLINE_S=90

# What each component takes. `qemu`'s boot ROMs and libvirt's filters come as dependencies of these.
readonly LIBVIRT_PACKAGES=(
  qemu-system-x86 qemu-utils libvirt-daemon libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu
  libvirt-daemon-config-network libvirt-daemon-config-nwfilter dnsmasq-base iptables ebtables iproute2
  mmdebstrap cpio lz4 busybox-static dropbear-bin e2fsprogs openssh-client
  openssh-sftp-server ca-certificates
)
readonly DOCKER_PACKAGES=(docker.io iptables busybox-static dropbear-bin openssh-client openssh-sftp-server)
readonly CHROMIUM_PACKAGES=(chromium fonts-dejavu-core)
# For measuring and for tests with networks of their own; no machine needs them. Of miniupnpd only the program: no service.
readonly BENCH_PACKAGES=(openssh-client openssh-server iproute2 iptables miniupnpd-iptables rsync)

usage() {
  cat <<'TEXT'
Usage: sudo scripts/setup-host.sh [--only libvirt,docker,chromium,bench] [--require]

  --only LIST  set up only these components; default all but bench, which installs an SSH server
  --require    fail when any of them cannot be set up; else only libvirt must, and the others warn
TEXT
}

say() { printf '%-9s %s\n' "$1" "$2"; }
warn() { printf '%-9s warning: %s\n' "$1" "$2" >&2; }

# until_ok SECONDS COMMAND...: repeats a quiet command until it succeeds.
until_ok() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

has_systemd() { [[ -d /run/systemd/system ]]; }

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# install_packages COMPONENT PACKAGE...
install_packages() {
  local component=$1 package
  local missing=()
  shift
  for package in "$@"; do is_installed "$package" || missing+=("$package"); done
  if ((${#missing[@]} == 0)); then
    say "$component" 'all packages are installed'
    return
  fi
  say "$component" "installing ${missing[*]}"
  apt-get -q update >/dev/null
  # Daemons are started below; their own start scripts must not fail the installation where no manager runs.
  DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "${missing[@]}" >/dev/null
}

# start_daemon COMPONENT UNIT COMMAND...: by the service manager, else in a session of its own.
start_daemon() {
  local component=$1 unit=$2
  shift 2
  if has_systemd; then
    systemctl enable --now "$unit" >/dev/null 2>&1 || return 1
    say "$component" "$unit is enabled and started"
  else
    setsid "$@" </dev/null >>"/var/log/hamster-$unit.log" 2>&1 &
    say "$component" "started $1 (no service manager here; log in /var/log/hamster-$unit.log)"
  fi
}

# Guests are kept from the host by rules that see bridged packets only with this setting.
set_kernel() {
  modprobe br_netfilter 2>/dev/null || true
  printf 'br_netfilter\n' >/etc/modules-load.d/hamster.conf
  printf 'net.ipv4.ip_forward = 1\nnet.bridge.bridge-nf-call-iptables = 1\n' >/etc/sysctl.d/90-hamster.conf
  sysctl -q -w net.ipv4.ip_forward=1
  if sysctl -q -w net.bridge.bridge-nf-call-iptables=1 2>/dev/null; then
    say libvirt 'forwarding and filtering on bridges are on'
  else
    warn libvirt 'the kernel has no br_netfilter: guests cannot be kept from this host, and none will be started'
  fi
}

# Where nothing like udev did it: libvirt asks QEMU for its abilities again and again, for half a minute each time,
# as long as the account that runs QEMU cannot open a /dev/kvm that root can.
open_kvm() {
  [[ -e /dev/kvm ]] || { say libvirt 'no /dev/kvm: machines will be emulated' && return; }
  [[ $(stat -c %G /dev/kvm) == kvm ]] && return
  chgrp kvm /dev/kvm && chmod 0660 /dev/kvm
  say libvirt 'gave /dev/kvm to the group kvm'
}

# The person who called sudo may use the hypervisor and build images without being root.
admit_user() {
  local user=${SUDO_USER:-root}
  install -d -m 0711 -o "$user" "$STATE_DIR"
  [[ $user == root ]] && return
  usermod -a -G libvirt,kvm "$user"
  say libvirt "$user is in the groups libvirt and kvm; log in again for that to count"
}

setup_libvirt() {
  install_packages libvirt "${LIBVIRT_PACKAGES[@]}"
  set_kernel
  open_kvm
  if ! virsh -c qemu:///system version >/dev/null 2>&1; then
    has_systemd || pgrep -x virtlogd >/dev/null || start_daemon libvirt virtlogd virtlogd
    pgrep -x libvirtd >/dev/null || start_daemon libvirt libvirtd libvirtd
  fi
  if ! until_ok "$DEADLINE_S" virsh -c qemu:///system version; then
    warn libvirt "libvirtd does not answer within $DEADLINE_S s; see /var/log/libvirt/libvirtd.log"
    return 1
  fi
  admit_user
  say libvirt "ready: $(virsh -c qemu:///system version | grep 'Running hypervisor')"
}

setup_docker() {
  install_packages docker "${DOCKER_PACKAGES[@]}"
  docker info >/dev/null 2>&1 || pgrep -x dockerd >/dev/null || start_daemon docker docker dockerd
  until_ok "$DEADLINE_S" docker info || return 1
  if [[ -n ${SUDO_USER:-} ]]; then usermod -a -G docker "$SUDO_USER"; fi
  say docker "ready: version $(docker version -f '{{.Server.Version}}' 2>/dev/null)"
}

setup_chromium() {
  install_packages chromium "${CHROMIUM_PACKAGES[@]}"
  command -v chromium >/dev/null || return 1
  say chromium "ready: $(command -v chromium)"
}

setup_bench() {
  install_packages bench "${BENCH_PACKAGES[@]}"
  [[ -x /usr/sbin/sshd ]] || return 1
  say bench 'ready: /usr/sbin/sshd'
}

main() {
  local components=libvirt,docker,chromium require=false
  while (($# > 0)); do
    case $1 in
      --only) components=${2:?--only takes a list} && shift 2 ;;
      --require) require=true && shift ;;
      -h | --help) usage && exit 0 ;;
      *) usage >&2 && exit 2 ;;
    esac
  done
  ((EUID == 0)) || { echo 'This changes the system: run it as root (sudo scripts/setup-host.sh).' >&2 && exit 1; }
  local component failed=()
  for component in ${components//,/ }; do
    [[ $component =~ ^(libvirt|docker|chromium|bench)$ ]] || { usage >&2 && exit 2; }
    # In a process of its own, so that `set -e` counts inside although its failure is handled here.
    if bash "$0" --component "$component"; then continue; fi
    warn "$component" 'could not be set up'
    failed+=("$component")
  done
  ((${#failed[@]} == 0)) && return
  [[ $require == true || " ${failed[*]} " == *' libvirt '* ]] && exit 1
  return 0
}

if [[ ${1:-} == --component ]]; then "setup_$2"; else main "$@"; fi
