# Turns the reference graph that Nix writes into .attrs.json into store-paths
# and registration (the format of `nix-store --load-db`).
set -euo pipefail
export PATH=/usr/bin:/bin LC_ALL=C
. .attrs.sh
out=${outputs[out]}
mkdir -p "$out"
perl -e '
  use strict;
  local $/;
  my $json = <STDIN>;
  my ($list) = $json =~ /"closure":\[(\{.*?\}(?:,\{.*?\})*)\]/s or die "no closure in .attrs.json";
  my (@paths, $total, $registration);
  my %seen;
  while ($list =~ /\{([^{}]*)\}/g) {
    my $o = $1;
    my ($path) = $o =~ /"path":"([^"]*)"/ or next;
    my ($hash) = $o =~ /"narHash":"([^"]*)"/ or die "no narHash";
    my ($size) = $o =~ /"narSize":(\d+)/ or die "no narSize";
    my ($refs) = $o =~ /"references":\[([^\]]*)\]/ or die "no references";
    my @refs = $refs =~ /"([^"]*)"/g;
    push @paths, $path;
    $total += $size;
    $registration .= join("\n", $path, $hash, $size, "", scalar(@refs), @refs) . "\n";
  }
  open(my $f, ">", "$ARGV[0]/store-paths") or die; print $f map { "$_\n" } sort @paths; close $f;
  open($f, ">", "$ARGV[0]/registration") or die; print $f $registration; close $f;
  open($f, ">", "$ARGV[0]/total-nar-size") or die; print $f "$total\n"; close $f;
' "$out" <.attrs.json
