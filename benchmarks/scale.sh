#!/bin/bash
# Backup, incremental backup, list, restore plan, restore and collect of a cluster with many relation files.
# usage: scale.sh FOLDER FILES...   for example: scale.sh /srv/scale 10000 100000 1000000; as root, with Debian's PostgreSQL,
# python3 and GNU time. Prints a table: seconds and peak RSS.
set -euo pipefail

work=${1:?usage: scale.sh FOLDER FILES...}
shift
port=5995
# shellcheck source=cluster.sh
. "$(dirname "$0")/cluster.sh"

measured() { # LABEL COMMAND...
    local label=$1
    shift
    as_postgres /usr/bin/time -o "$work/time" -f '%e s, %M' "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; exit 1; }
    printf '| %s | %s | %s MiB |\n' "$files" "$label" "$(tail -n 1 "$work/time" | awk '{printf "%s s | %.0f", $1, $3/1024}')" | tee -a "$work/report"
}

printf '| files | job | time | peak RSS |\n|---|---|---|---|\n' >"$work/report"
for files in "$@"; do
    rm -rf "$work/repo" "$work/spool" "$work/pgark.toml" "$work/restored"
    new_cluster
    set_archive_command "$install/bin/pgark-wal push %p"
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
