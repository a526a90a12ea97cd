# Raw Ethernet frames, with nothing but perl itself, so that it runs in a guest that has no more.
#   frames.pl send CARD     sends each line of its input, in hex
#   frames.pl watch TAP     says of the host, line by line: where a frame came up ("CARD in"), or what went to the guest ("CARD out"), in hex
$| = 1;
my ($PACKET, $RAW, $ALL) = (17, 3, 3);
my ($INDEX_OF, $NAME_OF) = (0x8933, 0x8910);
my $OUTGOING = 4;
my $TYPES = [4, 0x0800, 0x0806, 0x0842, 0x8035, 0x8100, 0x86dd, 0x8847, 0x8863, 0x8864, 0x888e, 0x88a8, 0x88b5, 0x88cc, 0x88e5, 0x88f7, 0x9000, 0x9100];

sub open_for { my $type = shift; socket(my $s, $PACKET, $RAW, unpack('S', pack('n', $type))) or die "socket: $!"; $s }
sub index_of { my ($s, $card) = @_; my $r = pack('a16 x24', $card); ioctl($s, $INDEX_OF, $r) or die "$card: $!"; unpack('x16 i', $r) }
sub name_of { my ($s, $index) = @_; my $r = pack('x16 i x20', $index); ioctl($s, $NAME_OF, $r) or return '?'; unpack('Z16', $r) }

my ($mode, $card) = @ARGV;
if ($mode eq 'send') {
  my $s = open_for(0);
  my $index = index_of($s, $card);
  while (my $line = <STDIN>) {
    chomp $line;
    my $frame = pack('H*', $line);
    defined send($s, $frame, 0, pack('S n i S C C a8', $PACKET, 0, $index, 0, 0, 6, substr($frame, 0, 6))) or die "send $line: $!";
  }
  exit;
}

# A socket for everything sees a frame on the tap before anybody judges it; one for a type sees it there only when the bridge
# leaves it to the host. So the tap is watched by type, and all other cards by everything.
my @sockets = (open_for($ALL), map { open_for($_) } @$TYPES);
setsockopt($_, 1, 33, pack('i', 16 << 20)) for @sockets;
my $tap = index_of($sockets[0], $card);
my $bits = '';
vec($bits, fileno($_), 1) = 1 for @sockets;
print "ready\n";
while (1) {
  my $ready = $bits;
  select($ready, undef, undef, undef) > 0 or next;
  for my $i (0 .. $#sockets) {
    next unless vec($ready, fileno($sockets[$i]), 1);
    my $from = recv($sockets[$i], my $frame, 65536, 0);
    defined $from or next;
    my (undef, undef, $index, undef, $kind) = unpack('S n i S C', $from);
    my $out = $kind == $OUTGOING;
    next if $i == 0 && $index == $tap && !$out;
    next if $out && $index != $tap;
    next if $out && $i > 0;
    print name_of($sockets[0], $index), $out ? ' out ' : ' in ', unpack('H*', $frame), "\n";
  }
}
