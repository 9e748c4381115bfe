#!/bin/bash
# Full backup, full restore, archive_command and restore_command: pgark beside pgBackRest, in one run.
# usage: side-by-side.sh FOLDER [ROUNDS [PARTS]]   PARTS of "pgbench wal dense"; as root, with Debian's PostgreSQL, pgbackrest and GNU time
set -euo pipefail

work=${1:?usage: side-by-side.sh FOLDER [ROUNDS [PARTS]]}
rounds=${2:-5}
parts=${3:-pgbench wal dense}
home=$(cd "$(dirname "$0")/../dist/target/pgark" && pwd -P)
[ -e "$home/complete" ] || { echo "build pgark first: ./mvnw -q -DskipTests verify" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "must be root, to run the server as postgres" >&2; exit 1; }
server=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
port=5997
segments=64

rm -rf "$work"
mkdir -p "$work"
chown postgres "$work"
chmod 755 "$work"
install="$work/pgark"
cp -a "$home" "$install"

as_postgres() { runuser -u postgres -- env PGHOST="$work" PGPORT=$port PGUSER=postgres PGDATABASE=postgres HOME="$work" PGARK_CONFIG="$work/pgark.toml" PGARK_SPOOL="$work/spool" "$@"; }
sql() { as_postgres psql -qAtX -c "$1"; }

# Runs a command as postgres and appends "seconds maximum-RSS-in-KiB" to the file named first.
timed() {
    local into=$1
    shift
    as_postgres /usr/bin/time -o "$work/time" -f '%e %M' "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; exit 1; }
    tail -n 1 "$work/time" >>"$work/$into"
    echo "  $into: $(tail -n 1 "$work/$into")"
}

column_median() { awk -v c="$2" '{print $c}' "$work/$1" | sort -n | awk '{v[NR]=$1} END {print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }
report() {
    local ours theirs
    ours=$(column_median "$1.pgark" 1)
    theirs=$(column_median "$1.pgbackrest" 1)
    printf '| %s | %s s | %s s | %s | %s MiB |\n' "$1" "$ours" "$theirs" \
        "$(awk -v a="$ours" -v b="$theirs" 'BEGIN {printf "%.2f", a/b}')" \
        "$(column_median "$1.pgark" 2 | awk '{printf "%.0f", $1/1024}')" >>"$work/report"
}

new_cluster() {
    rm -rf "$work/data"
    as_postgres "$server/initdb" -D "$work/data" -U postgres -A trust --data-checksums >/dev/null
    cat >>"$work/data/postgresql.conf" <<CONF
port = $port
unix_socket_directories = '$work'
listen_addresses = ''
shared_buffers = 1GB
max_wal_size = 16GB
checkpoint_timeout = 60min
archive_mode = on
archive_command = 'true'
CONF
    as_postgres "$server/pg_ctl" -D "$work/data" -w -l "$work/server.log" start >/dev/null
}

stop() { as_postgres "$server/pg_ctl" -D "$work/data" -w -m fast stop >/dev/null; }

set_archive_command() {
    sql "ALTER SYSTEM SET archive_command = '$1'"
    sql "SELECT pg_reload_conf()" >/dev/null
    sleep 0.3
}

backrest() { echo pgbackrest --config="$work/pgbackrest.conf" --stanza=bench "$@"; }

prepare_tools() {
    stop_worker
    rm -rf "$work/repo" "$work/backrest" "$work/spool" "$work/pgark.toml" "$work/lock" "$work/log" "$work/backrest-spool"
    as_postgres mkdir -p "$work/backrest" "$work/lock" "$work/log" "$work/backrest-spool"
    cat >"$work/pgbackrest.conf" <<CONF
[global]
repo1-path=$work/backrest
repo1-retention-full=1
compress-type=zst
compress-level=3
process-max=2
start-fast=y
lock-path=$work/lock
log-path=$work/log
spool-path=$work/backrest-spool
log-level-console=warn
log-level-file=off
[bench]
pg1-path=$work/data
pg1-port=$port
pg1-socket-path=$work
pg1-user=postgres
CONF
    as_postgres $(backrest stanza-create)
    as_postgres "$install/bin/pgark" init --cluster bench --pgdata "$work/data" --repo "file:$work/repo" >/dev/null
}

quiet_disk() { sync; sleep 1; }

# Ends the archive worker, which stays for a while, and waits until it is gone.
stop_worker() {
    local worker
    for worker in $(cat "$work"/spool/*/worker.pid 2>/dev/null); do
        tr "\\0" " " 2>/dev/null <"/proc/$worker/cmdline" | grep -q "wal worker" || continue
        kill "$worker" 2>/dev/null || true
        while [ -d "/proc/$worker" ]; do sleep 0.1; done
    done
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
    sql "ALTER SYSTEM SET archive_command = ''"
    sql "SELECT pg_reload_conf()" >/dev/null
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

trap 'as_postgres "$server/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; stop_worker' EXIT

printf '| job | pgark | pgbackrest | ratio | peak RSS of pgark |\n|---|---|---|---|---|\n' >"$work/report"

wanted() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

if wanted pgbench || wanted wal; then
    new_cluster
    as_postgres pgbench -q -i -s 100 >/dev/null 2>&1
    if wanted pgbench; then backup_and_restore pgbench; fi
    if wanted wal; then push_and_get; fi
    stop 2>/dev/null || true
fi
if wanted dense; then
    new_cluster
    sql "CREATE TABLE dense AS SELECT g AS id, decode(md5(g::text) || md5((g * 7)::text) || md5((g * 13)::text) || md5((g * 31)::text), 'hex') AS bytes, repeat(md5((g % 1000)::text), 2) AS text FROM generate_series(1, 13500000) g"
    sql "CREATE INDEX ON dense (id)"
    backup_and_restore dense
fi

echo
"$server/postgres" --version
pgbackrest version
"$install/bin/pgark" --version
cat "$work/report"
