#!/bin/bash
# What a full backup costs the running database: pgbench's transactions per second alone and beside a backup by pgark, by
# pgBackRest and by pgark with --nice and --rate, and how much of the page cache each backup took from a file that
# something else reads. One after the other in each round.
# usage: under-load.sh FOLDER [ROUNDS]; as root, with Debian's PostgreSQL and fincore.
# PGBACKREST names another pgBackRest than the one of the path.
set -euo pipefail

work=${1:?usage: under-load.sh FOLDER [ROUNDS]}
rounds=${2:-5}
port=5993
rate=${RATE:-100MiB}
# shellcheck source=cluster.sh
. "$(dirname "$0")/cluster.sh"

cached() { fincore --bytes --noheadings --output RES "$1" | awk '{s += $1} END {printf "%d\n", s / 1048576}'; }
cached_of_data() { find "$work/data/base" -type f -size +1M -print0 | xargs -0 fincore --bytes --noheadings --output RES | awk '{s += $1} END {printf "%d\n", s / 1048576}'; }

# Transactions per second while a backup runs, counted until the backup ends; the time of the backup.
beside() { # NAME COMMAND...
    local name=$1 before after begun
    shift
    quiet_disk
    as_postgres pgbench -n -c 2 -j 1 -T 600 >"$work/pgbench.log" 2>&1 &
    load=$!
    sleep 3
    # Gives back what the page cache holds of the cluster, so that a backup has to read it.
    sync
    find "$work/data/base" -type f -size +1M -exec dd if={} iflag=nocache count=0 status=none \;
    before=$(sql "SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'")
    begun=$(date +%s.%N)
    if [ $# -gt 0 ]; then
        as_postgres "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; exit 1; }
    else
        sleep 10
    fi
    awk -v a="$begun" -v b="$(date +%s.%N)" 'BEGIN {printf "%.2f\n", b - a}' >>"$work/$name.seconds"
    after=$(sql "SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'")
    awk -v a="$before" -v b="$after" -v s="$(tail -n 1 "$work/$name.seconds")" 'BEGIN {printf "%.0f\n", (b - a) / s}' >>"$work/$name.tps"
    kill "$load"
    wait "$load" || true
    cached_of_data >>"$work/$name.cached"
    cached "$work/witness" >>"$work/$name.witness"
    echo "  $name: $(tail -n 1 "$work/$name.seconds") s, $(tail -n 1 "$work/$name.tps") tps, $(tail -n 1 "$work/$name.cached") MiB of the cluster's files cached, witness $(tail -n 1 "$work/$name.witness") MiB"
}

row() { # WORDS NAME
    echo "| $1 | $(column_median "$2.seconds" 1) s | $(column_median "$2.tps" 1) | $(column_median "$2.cached" 1) MiB | $(column_median "$2.witness" 1) MiB |"
}

backrest_configuration backrest repo1-retention-full=9 repo1-bundle=y repo1-block=y >"$work/pgbackrest.conf"
new_large_cluster --data-checksums
as_postgres pgbench -q -i -s 100 >/dev/null 2>&1
as_postgres mkdir -p "$work/backrest" "$work/lock" "$work/log"
as_postgres $(backrest stanza-create)
as_postgres "$install/bin/pgark" init --cluster bench --pgdata "$work/data" --repo "file:$work/repo" >/dev/null
head -c 500M /dev/urandom >"$work/witness"
for round in $(seq "$rounds"); do
    echo "round $round"
    cat "$work/witness" >/dev/null
    set_archive_command "$install/bin/pgark-wal push %p"
    beside alone
    beside pgark "$install/bin/pgark" backup --cluster bench --full --jobs 2 --checkpoint fast
    beside gentle "$install/bin/pgark" backup --cluster bench --full --jobs 2 --checkpoint fast --nice 10 --rate "$rate"
    set_archive_command "$(backrest archive-push) %p"
    beside pgbackrest $(backrest backup --type=full)
done
echo
"$server/postgres" --version
"$backrest_program" version
"$install/bin/pgark" --version
echo '| beside pgbench with 2 clients | time of the backup | transactions per second | cached of the cluster | cached of another file of 500 MiB |'
echo '|---|---|---|---|---|'
row 'nothing (10 s)' alone
row 'pgark backup' pgark
row "pgark backup --nice 10 --rate $rate" gentle
row 'pgbackrest backup' pgbackrest
