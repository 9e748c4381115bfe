#!/bin/bash
# Restore of a cluster with many empty relation files: pgark beside pgBackRest with bundles and blocks.
# usage: empty-files.sh FOLDER [ROUNDS [FILES]]; as root, with Debian's PostgreSQL, python3 and GNU time.
# PGBACKREST names another pgBackRest than the one of the path. No restore is removed before the end: for minutes after many files
# were deleted, ext4 takes long to make new ones.
set -euo pipefail

work=${1:?usage: empty-files.sh FOLDER [ROUNDS [FILES]]}
rounds=${2:-5}
files=${3:-100000}
port=5994
# shellcheck source=cluster.sh
. "$(dirname "$0")/cluster.sh"

backrest_configuration backrest repo1-retention-full=9 repo1-bundle=y repo1-block=y >"$work/pgbackrest.conf"
new_large_cluster --data-checksums
database=$(ls "$work/data/base" | sort -n | tail -n 1)
as_postgres python3 - "$work/data/base/$database" "$files" <<'PY'
import sys
for number in range(int(sys.argv[2])):
    open(f"{sys.argv[1]}/{20_000_000 + number}", "wb").close()
PY
as_postgres mkdir -p "$work/backrest" "$work/lock" "$work/log"
as_postgres $(backrest stanza-create)
as_postgres "$install/bin/pgark" init --cluster bench --pgdata "$work/data" --repo "file:$work/repo" >/dev/null
set_archive_command "$(backrest archive-push) %p"
timed backup.pgbackrest $(backrest backup --type=full)
set_archive_command "$install/bin/pgark-wal push %p"
timed backup.pgark "$install/bin/pgark" backup --cluster bench --jobs 2 --checkpoint fast
report backup
for round in $(seq "$rounds"); do
    echo "restore: round $round"
    quiet_disk
    timed restore.pgbackrest $(backrest restore --pg1-path="$work/restored-$round-pgbackrest" --archive-mode=off)
    quiet_disk
    timed restore.pgark "$install/bin/pgark" restore --cluster bench --to "$work/restored-$round-pgark" --jobs 2
done
[ "$(ls "$work/restored-$round-pgark/base/$database" | wc -l)" -ge "$files" ] || { echo "files are missing" >&2; exit 1; }
report restore
print_report
