#!/bin/bash
# Backup, incremental backup, list, restore plan, restore and collect of a cluster with many relation files.
# usage: scale.sh FOLDER FILES...   for example: scale.sh /srv/scale 10000 100000 1000000; as root, with Debian's PostgreSQL,
# python3 and GNU time. Prints a table: seconds and peak RSS.
set -euo pipefail

work=${1:?usage: scale.sh FOLDER FILES...}
shift
home=$(cd "$(dirname "$0")/../dist/target/pgark" && pwd -P)
[ -e "$home/complete" ] || { echo "build pgark first: ./mvnw -q -DskipTests verify" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "must be root, to run the server as postgres" >&2; exit 1; }
server=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
port=5995

rm -rf "$work"
mkdir -p "$work"
chown postgres "$work"
chmod 755 "$work"
install="$work/pgark"
cp -a "$home" "$install"

as_postgres() { runuser -u postgres -- env PGHOST="$work" PGPORT=$port PGUSER=postgres PGDATABASE=postgres HOME="$work" PGARK_CONFIG="$work/pgark.toml" PGARK_SPOOL="$work/spool" "$@"; }

# Ends the archive worker, which stays for a while, and waits until it is gone.
stop_worker() {
    local worker
    for worker in $(cat "$work"/spool/*/worker.pid 2>/dev/null); do
        tr "\\0" " " 2>/dev/null <"/proc/$worker/cmdline" | grep -q "wal worker" || continue
        kill "$worker" 2>/dev/null || true
        while [ -d "/proc/$worker" ]; do sleep 0.1; done
    done
}

trap 'as_postgres "$server/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; stop_worker' EXIT


measured() { # LABEL COMMAND...
    local label=$1
    shift
    as_postgres /usr/bin/time -o "$work/time" -f '%e s, %M' "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; exit 1; }
    printf '| %s | %s | %s MiB |\n' "$files" "$label" "$(tail -n 1 "$work/time" | awk '{printf "%s s | %.0f", $1, $3/1024}')" | tee -a "$work/report"
}

printf '| files | job | time | peak RSS |\n|---|---|---|---|\n' >"$work/report"
for files in "$@"; do
    rm -rf "$work/data" "$work/repo" "$work/spool" "$work/pgark.toml" "$work/restored"
    as_postgres "$server/initdb" -D "$work/data" -U postgres -A trust >/dev/null
    cat >>"$work/data/postgresql.conf" <<CONF
port = $port
unix_socket_directories = '$work'
listen_addresses = ''
archive_mode = on
archive_command = '$install/bin/pgark-wal push %p'
CONF
    as_postgres "$server/pg_ctl" -D "$work/data" -w -l "$work/server.log" start >/dev/null
    database=$(ls "$work/data/base" | sort -n | tail -n 1)
    # Files that look like relations to whoever copies them: one page each, every tenth of them with content of its own.
    as_postgres python3 - "$work/data/base/$database" "$files" <<'PY'
import os, sys
folder, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    with open(f"{folder}/{20_000_000 + number}", "wb") as file:
        if number % 10 == 0:
            text = (f"page {number} of many " * 500).encode()[:8168]
            file.write(bytes(12) + b"\x18\x00\x18\x00\x00\x20\x04\x20" + bytes(4) + text)
PY
    as_postgres "$install/bin/pgark" init --cluster scale --pgdata "$work/data" --repo "file:$work/repo" >/dev/null
    sync
    measured "backup" "$install/bin/pgark" backup --cluster scale --jobs 2
    measured "incremental" "$install/bin/pgark" backup --cluster scale --jobs 2
    measured "incremental, full read" "$install/bin/pgark" backup --cluster scale --jobs 2 --full
    measured "list" "$install/bin/pgark" list
    measured "restore plan" "$install/bin/pgark" restore --cluster scale --to "$work/restored" --dry-run
    measured "collect, dry run" "$install/bin/pgark" collect --cluster scale --dry-run
    measured "restore" "$install/bin/pgark" restore --cluster scale --to "$work/restored" --jobs 2
    as_postgres "$server/pg_ctl" -D "$work/data" -m immediate stop >/dev/null
    stop_worker
done
echo
cat "$work/report"
