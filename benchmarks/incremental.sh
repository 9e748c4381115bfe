#!/bin/bash
# Full and incremental backup, full restore and --delta restore: pgark beside pgBackRest as its manual advises to set it
# (zst 3, bundle, block, two processes), in one run.
# usage: incremental.sh FOLDER [ROUNDS [PARTS]]   PARTS of "restore delta incremental" beside the full backup; as root, with Debian's PostgreSQL and GNU time.
# PGBACKREST names a pgBackRest that knows repo-block (2.46 or later).
set -euo pipefail

work=${1:?usage: incremental.sh FOLDER [ROUNDS [PARTS]]}
rounds=${2:-5}
parts=" ${3:-restore delta incremental} "
port=5996
# shellcheck source=cluster.sh
. "$(dirname "$0")/cluster.sh"

# What is archived is also kept aside, so that the other tool can be given it outside its own measured turn.
archive_to() { # TOOL
    local command
    case $1 in
        pgark) command="$install/bin/pgark-wal push %p" ;;
        pgbackrest) command="$(backrest archive-push) %p" ;;
    esac
    set_archive_command "$command && cp -n %p $work/held/$1/%f"
}

# Gives a tool each WAL file that only the other one has archived.
fill() { # TOOL OTHER
    local file
    for file in $(ls "$work/held/$2"); do
        [ -e "$work/held/$1/$file" ] && continue
        (
            cd "$work/data"
            case $1 in
                pgark) as_postgres "$install/bin/pgark-wal" push "$work/held/$2/$file" ;;
                pgbackrest) as_postgres $(backrest archive-push) "$work/held/$2/$file" ;;
            esac
        ) >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; exit 1; }
        as_postgres cp "$work/held/$2/$file" "$work/held/$1/$file"
    done
}

fill_both() {
    fill pgark pgbackrest
    fill pgbackrest pgark
}

# Every segment is in both archives afterwards.
switch_wal() {
    local segment
    sql "SELECT pg_create_restore_point('something to switch after')" >/dev/null
    segment=$(sql "SELECT pg_walfile_name(pg_switch_wal())")
    for _ in $(seq 600); do
        if [ "$(sql "SELECT last_archived_wal >= '$segment' FROM pg_stat_archiver")" = t ]; then
            fill_both
            return
        fi
        sleep 0.1
    done
    echo "segment $segment was not archived" >&2
    exit 1
}

backup() { # TOOL NAME TYPE
    archive_to "$1"
    # So that the archive worker is there, as it is in a server that works.
    sql "SELECT pg_create_restore_point('something to switch after'), pg_switch_wal()" >/dev/null
    sleep 3
    quiet_disk
    case $1 in
        pgbackrest) timed "$2.pgbackrest" $(backrest backup --type="$3") ;;
        pgark) timed "$2.pgark" "$install/bin/pgark" backup --json --cluster bench --jobs 2 --checkpoint fast ;;
    esac
}

stored() { # TOOL
    case $1 in
        pgark) sed -n 's/.*"stored_size" *: *\([0-9]*\).*/\1/p' "$work/last.log" | tail -n 1 ;;
        pgbackrest) du -sb "$work/backrest/backup/bench/$(ls "$work/backrest/backup/bench" | grep -E '^[0-9]{8}-' | sort | tail -n 1)" | cut -f 1 ;;
    esac
}

new_repositories() {
    stop_worker
    rm -rf "$work/repo" "$work/backrest" "$work/spool" "$work/pgark.toml" "$work/lock" "$work/log" "$work/held"
    as_postgres mkdir -p "$work/backrest" "$work/lock" "$work/log" "$work/held/pgark" "$work/held/pgbackrest"
    as_postgres $(backrest stanza-create)
    as_postgres "$install/bin/pgark" init --cluster bench --pgdata "$work/data" --repo "file:$work/repo" >/dev/null
}

# Both tools back up the same state, from the same base, as often as there are rounds.
incremental() { # NAME
    rm -rf "$work/base"
    mkdir "$work/base"
    cp -a "$work/repo" "$work/backrest" "$work/held" "$work/base"
    for round in $(seq "$rounds"); do
        echo "$1: round $round"
        stop_worker
        rm -rf "$work/repo" "$work/backrest" "$work/spool" "$work/.local/state/pgark/heads"
        cp -a "$work/base/repo" "$work/base/backrest" "$work"
        rm -rf "$work/since"
        mv "$work/held" "$work/since"
        cp -a "$work/base/held" "$work"
        as_postgres mkdir "$work/held/since"
        as_postgres cp -n "$work"/since/*/* "$work/held/since"
        fill pgark since
        fill pgbackrest since
        rm -rf "$work/held/since"
        backup pgbackrest "$1" incr
        stored pgbackrest >>"$work/$1.stored.pgbackrest"
        switch_wal
        backup pgark "$1" incr
        stored pgark >>"$work/$1.stored.pgark"
        grep -o '"changes" *: *"[a-z_]*"' "$work/last.log" | tail -n 1
        switch_wal
    done
    report "$1"
    local ours theirs
    ours=$(column_median "$1.stored.pgark" 1)
    theirs=$(column_median "$1.stored.pgbackrest" 1)
    echo "| $1, stored bytes | $ours | $theirs | $(ratio "$ours" "$theirs") | |" >>"$work/report"
}

backrest_configuration backrest repo1-retention-full=9 repo1-bundle=y repo1-block=y >"$work/pgbackrest.conf"
new_large_cluster --data-checksums
as_postgres pgbench -q -i -s 100 >/dev/null 2>&1
sql "CHECKPOINT"

for round in $(seq "$rounds"); do
    echo "full: round $round"
    new_repositories
    backup pgbackrest full full
    stored pgbackrest >>"$work/full.stored.pgbackrest"
    backup pgark full full
    stored pgark >>"$work/full.stored.pgark"
done
report full
echo "| full, stored bytes | $(column_median full.stored.pgark 1) | $(column_median full.stored.pgbackrest 1) | | |" >>"$work/report"


# Each into a directory of its own: ext4 goes a long way round inodes that were freed a moment ago.
restores() {
    switch_wal
    for round in $(seq "$rounds"); do
        echo "restore: round $round"
        quiet_disk
        timed restore.pgbackrest $(backrest restore --pg1-path="$work/restored.backrest.$round" --archive-mode=off)
        quiet_disk
        timed restore.pgark "$install/bin/pgark" restore --cluster bench --to "$work/restored.$round" --jobs 2
    done
    report restore
}

delta_restores() {
    rm -rf "$work/restored.kept"
    mv "$work/restored.1" "$work/restored.kept"
    for round in $(seq "$rounds"); do
        echo "delta: round $round"
        for tool in pgbackrest pgark; do
            rm -rf "$work/restored"
            cp -a "$work/restored.kept" "$work/restored"
            for file in $(find "$work/restored/base" -type f -size +1M | sort | head -n 20); do
                printf 'changed' | dd of="$file" bs=1 seek=500000 conv=notrunc status=none
            done
            quiet_disk
            case $tool in
                pgbackrest) timed delta.pgbackrest $(backrest restore --delta --pg1-path="$work/restored" --archive-mode=off) ;;
                pgark) timed delta.pgark "$install/bin/pgark" restore --cluster bench --to "$work/restored" --delta --jobs 2 ;;
            esac
        done
    done
    report delta
    rm -rf "$work/restored" "$work/restored.kept"
}

incrementals() {
    switch_wal
    incremental unchanged
    sql "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid % 6100 = 17"
    sql "CHECKPOINT"
    switch_wal
    incremental updates-1
    transactions=${TRANSACTIONS:-40000}
    as_postgres pgbench -n -t "$transactions" --random-seed=1 >/dev/null 2>&1
    sql "CHECKPOINT"
    switch_wal
    incremental pgbench-40
}

case $parts in *" restore "* | *" delta "*) restores ;; esac
case $parts in *" delta "*) delta_restores ;; esac
rm -rf "$work"/restored*
case $parts in *" incremental "*) incrementals ;; esac
print_report
