#!/bin/bash
# basebackup.sh BIN PGARK [SCALE] [PORT]: BASE_BACKUP received by BIN/pg_basebackup and by PGARK's, on loopback, plain and over TLS: one archive of a
# pgbench cluster of SCALE (default 50, some 750 MB) into nothing, without WAL and manifest; medians of 5 runs each, in turns, after one to warm up.
set -eu
[ $# -ge 2 ] || { sed -n 2,3p "$0" >&2; exit 2; }
bin=$(readlink -f "$1") pgark=$(readlink -f "$2") scale=${3:-50} port=${4:-7390}
work=$(mktemp -d -t pgark-benchmark-XXXXXX); chmod 755 "$work"
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$work"
trap 'as "$bin/pg_ctl" -D "$work/data" -m immediate -w stop > /dev/null 2>&1 || true; rm -rf "$work"' EXIT
as "$bin/initdb" -D "$work/data" -U postgres -A trust --no-sync > /dev/null
openssl req -new -x509 -nodes -days 2 -subj /CN=localhost -newkey rsa:2048 -keyout "$work/key" -out "$work/certificate" 2> /dev/null
cp "$work/key" "$work/data/server.key"; cp "$work/certificate" "$work/data/server.crt"; chmod 600 "$work/data/server.key"
[ "$(id -u)" != 0 ] || chown postgres "$work/data/server.key" "$work/data/server.crt"
as "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w -o "-p $port -c listen_addresses=127.0.0.1 -c ssl=on -c fsync=off -c unix_socket_directories=$work -c max_wal_size=8GB" start > /dev/null
"$bin/pgbench" -h 127.0.0.1 -p "$port" -U postgres -i -q -s "$scale" postgres > /dev/null 2>&1
"$bin/psql" -h 127.0.0.1 -p "$port" -U postgres -qc checkpoint postgres
bytes=$("$bin/psql" -h 127.0.0.1 -p "$port" -U postgres -Atc "select sum(pg_database_size(oid)) from pg_database" postgres)
run() { # run PROGRAM SSLMODE: seconds of one backup
  local begun; begun=$(date +%s.%N)
  "$1" -d "host=127.0.0.1 port=$port user=postgres sslmode=$2" -Ft -X none --no-manifest -c fast -D - > /dev/null
  echo "$(date +%s.%N) - $begun" | bc; }
ln -s "$pgark" "$work/pg_basebackup"
for mode in disable require; do
  : > "$work/theirs"; : > "$work/ours"
  for round in 0 1 2 3 4 5; do
    theirs=$(run "$bin/pg_basebackup" $mode); ours=$(run "$work/pg_basebackup" $mode)
    [ $round = 0 ] || { echo "$theirs" >> "$work/theirs"; echo "$ours" >> "$work/ours"; }
  done
  a=$(sort -n "$work/theirs" | sed -n 3p); b=$(sort -n "$work/ours" | sed -n 3p)
  echo "sslmode=$mode: $bytes bytes, pg_basebackup $a s, pgark $b s, pgark's rate is $(echo "scale=2; $a / $b" | bc) of it"
done
