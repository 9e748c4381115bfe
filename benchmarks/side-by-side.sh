#!/bin/bash
# Full backup, full restore, archive_command and restore_command: pgark beside pgBackRest, in one run.
# usage: side-by-side.sh FOLDER [ROUNDS [PARTS]]   PARTS of "pgbench wal dense"; as root, with Debian's PostgreSQL, pgbackrest and GNU time
set -euo pipefail

work=${1:?usage: side-by-side.sh FOLDER [ROUNDS [PARTS]]}
rounds=${2:-5}
parts=${3:-pgbench wal dense}
port=5997
segments=64

# shellcheck source=cluster.sh
. "$(dirname "$0")/cluster.sh"

stop() { as_postgres "$server/pg_ctl" -D "$work/data" -w -m fast stop >/dev/null; }

prepare_tools() {
    stop_worker
    rm -rf "$work/repo" "$work/backrest" "$work/spool" "$work/pgark.toml" "$work/lock" "$work/log" "$work/backrest-spool"
    as_postgres mkdir -p "$work/backrest" "$work/lock" "$work/log" "$work/backrest-spool"
    backrest_configuration backrest repo1-retention-full=1 "spool-path=$work/backrest-spool" >"$work/pgbackrest.conf"
    as_postgres $(backrest stanza-create)
    as_postgres "$install/bin/pgark" init --cluster bench --pgdata "$work/data" --repo "file:$work/repo" >/dev/null
}

backup_and_restore() {
    local set=$1
    prepare_tools
    sql "CHECKPOINT"
    for round in $(seq "$rounds"); do
        echo "$set: round $round"
        set_archive_command "$(backrest archive-push) %p"
        quiet_disk
        timed "$set-backup.pgbackrest" $(backrest backup --type=full)
        set_archive_command "$install/bin/pgark-wal push %p"
        quiet_disk
        timed "$set-backup.pgark" "$install/bin/pgark" backup --cluster bench --full --jobs 2 --checkpoint fast
        rm -rf "$work/restored"
        quiet_disk
        timed "$set-restore.pgbackrest" $(backrest restore --pg1-path="$work/restored" --archive-mode=off)
        rm -rf "$work/restored"
        quiet_disk
        timed "$set-restore.pgark" "$install/bin/pgark" restore --cluster bench --to "$work/restored" --jobs 2
    done
    echo "$set: stored bytes, pgark (all rounds) and pgbackrest (last):" \
        "$(du -sb "$work"/repo/clusters/*/packs | cut -f 1) $(du -sbc "$work"/backrest/backup/bench/*F | tail -n 1 | cut -f 1)"
    report "$set-backup"
    report "$set-restore"
}

# Segments with their .ready files in place, as the server leaves them; pushed one after another as the archiver does.
push_and_get() {
    set_archive_command ""
    while [ "$(ls "$work/data/pg_wal/archive_status" | grep -c '\.ready$')" -lt $((segments + 2)) ]; do
        sql "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid % 10 = $((RANDOM % 10))"
    done
    stop
    (cd "$work/data/pg_wal/archive_status" && ls | grep -E '^[0-9A-F]{24}\.ready$' | sed 's/\.ready$//' | sort | tail -n +2 | head -n $segments) >"$work/list"
    cat >"$work/push-all" <<'SH'
#!/bin/sh
cd "$1" && shift && list=$1 && shift
while read -r segment; do sh -c "$* pg_wal/$segment" || exit 1; done <"$list"
SH
    cat >"$work/get-all" <<'SH'
#!/bin/sh
cd "$1" && shift && list=$1 && shift
while read -r segment; do sh -c "$* $segment pg_wal/RECOVERYXLOG" || exit 1; rm pg_wal/RECOVERYXLOG; done <"$list"
SH
    chmod 755 "$work/push-all" "$work/get-all"
    for round in $(seq "$rounds"); do
        echo "WAL: round $round"
        as_postgres "$server/pg_ctl" -D "$work/data" -w -l "$work/server.log" start >/dev/null
        prepare_tools
        stop
        quiet_disk
        timed push.pgbackrest "$work/push-all" "$work/data" "$work/list" $(backrest archive-push)
        quiet_disk
        timed push.pgark "$work/push-all" "$work/data" "$work/list" "$install/bin/pgark-wal" push
        stop_worker
        quiet_disk
        timed get.pgbackrest "$work/get-all" "$work/data" "$work/list" $(backrest archive-get)
        quiet_disk
        timed get.pgark "$work/get-all" "$work/data" "$work/list" "$install/bin/pgark-wal" get
        stop_worker
    done
    report push
    report get
}

wanted() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

if wanted pgbench || wanted wal; then
    new_large_cluster --data-checksums
    as_postgres pgbench -q -i -s 100 >/dev/null 2>&1
    if wanted pgbench; then backup_and_restore pgbench; fi
    if wanted wal; then push_and_get; fi
    stop 2>/dev/null || true
fi
if wanted dense; then
    new_large_cluster --data-checksums
    sql "CREATE TABLE dense AS SELECT g AS id, decode(md5(g::text) || md5((g * 7)::text) || md5((g * 13)::text) || md5((g * 31)::text), 'hex') AS bytes, repeat(md5((g % 1000)::text), 2) AS text FROM generate_series(1, 13500000) g"
    sql "CREATE INDEX ON dense (id)"
    backup_and_restore dense
fi

print_report
