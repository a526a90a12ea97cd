# Run in a guest: attack.sh GATEWAY ADDRESS OTHER_ADDRESS HOST_IPV6. Says of each try whether anybody answered it; the tries with
# the guest's own addresses show that the tools work. Its connections break meanwhile and work again at the end.
GATEWAY=$1 OWN=$2 OTHER=$3 HOST6=$4
MAC=$(cat /sys/class/net/eth0/address)
try() {
  name=$1
  shift
  if "$@" >/dev/null 2>&1; then echo "$name: answered"; else echo "$name: silent"; fi
}
use_address() {
  ip addr flush dev eth0 scope global
  ip addr add "$1/24" dev eth0
  ip route replace default via "$GATEWAY"
}
use_mac() {
  ip link set eth0 down
  ip link set eth0 address "$1"
  ip link set eth0 up
  ip route replace default via "$GATEWAY"
}
resolve() { nslookup hamster "$GATEWAY"; }
ask() { arping -c 2 -w 3 -I eth0 "$@" "$GATEWAY"; }

try 'own ARP' ask
try 'own DNS' resolve
try 'ping of the gateway' ping -c 2 -W 2 "$GATEWAY"
try 'IPv6 of its own' ping -6 -c 1 -W 2 ::1
try 'IPv6 of the host' ping -6 -c 2 -W 2 "$HOST6%eth0"

use_address "$OTHER"
try 'ARP of another' ask -s "$OTHER"
try 'DNS of another' resolve
use_address "$GATEWAY"
try 'ARP of the gateway' ask -s "$GATEWAY"
use_address "$OWN"

use_mac 52:54:00:99:99:99
try 'ARP of another card' ask
try 'DNS of another card' resolve
use_mac "$MAC"
try 'own DNS again' resolve
echo end
