# What the benchmarks beside pgBackRest share; sourced by them. They set work (the folder of everything), port and rounds before.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../dist/target/pgark" && pwd -P)
[ -e "$home/complete" ] || { echo "build pgark first: ./mvnw -q -DskipTests verify" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "must be root, to run the server as postgres" >&2; exit 1; }
server=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
backrest_program=${PGBACKREST:-pgbackrest}

rm -rf "$work"
mkdir -p "$work"
chown postgres "$work"
chmod 755 "$work"
install="$work/pgark"
cp -a "$home" "$install"

as_postgres() { runuser -u postgres -- env PGHOST="$work" PGPORT="$port" PGUSER=postgres PGDATABASE=postgres HOME="$work" PGARK_CONFIG="$work/pgark.toml" PGARK_SPOOL="$work/spool" "$@"; }
sql() { as_postgres psql -qAtX -c "$1"; }
backrest() { echo "$backrest_program" --config="$work/pgbackrest.conf" --stanza=bench "$@"; }
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

# Makes and starts a cluster; further lines of configuration may follow the options of initdb, after "--".
new_cluster() {
    local options=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ $# -eq 0 ] || shift
    rm -rf "$work/data"
    as_postgres "$server/initdb" -D "$work/data" -U postgres -A trust "${options[@]}" >/dev/null
    {
        printf '%s\n' "port = $port" "unix_socket_directories = '$work'" "listen_addresses = ''" "archive_mode = on" "archive_command = 'true'" "$@"
    } >>"$work/data/postgresql.conf"
    as_postgres "$server/pg_ctl" -D "$work/data" -w -l "$work/server.log" start >/dev/null
}

# As new_cluster, with the memory and the checkpoints that a measured cluster has.
new_large_cluster() {
    new_cluster "$@" -- 'shared_buffers = 1GB' 'max_wal_size = 16GB' 'checkpoint_timeout = 60min'
}

set_archive_command() {
    sql "ALTER SYSTEM SET archive_command = '$1'"
    sql "SELECT pg_reload_conf()" >/dev/null
    sleep 0.3
}

# pgBackRest's configuration: two processes and zst 3 for a repository in the folder named first; further lines follow.
backrest_configuration() {
    local repository=$1
    shift
    printf '%s\n' '[global]' "repo1-path=$work/$repository" 'compress-type=zst' 'compress-level=3' 'process-max=2' 'start-fast=y' \
        "lock-path=$work/lock" "log-path=$work/log" 'log-level-console=warn' 'log-level-file=off' "$@" \
        '[bench]' "pg1-path=$work/data" "pg1-port=$port" "pg1-socket-path=$work" 'pg1-user=postgres'
}

# Runs a command as postgres and appends "seconds maximum-RSS-in-KiB user system", the last two in seconds of processor time, to the file named first.
timed() {
    local into=$1
    shift
    as_postgres /usr/bin/time -o "$work/time" -f '%e %M %U %S' "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; exit 1; }
    tail -n 1 "$work/time" >>"$work/$into"
    echo "  $into: $(tail -n 1 "$work/$into")"
}

column_median() { awk -v c="$2" '{print $c}' "$work/$1" | sort -n | awk '{v[NR]=$1} END {print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a/b}'; }
report() {
    local ours theirs
    ours=$(column_median "$1.pgark" 1)
    theirs=$(column_median "$1.pgbackrest" 1)
    printf '| %s | %s s | %s s | %s | %s MiB |\n' "$1" "$ours" "$theirs" "$(ratio "$ours" "$theirs")" \
        "$(column_median "$1.pgark" 2 | awk '{printf "%.0f", $1/1024}')" >>"$work/report"
}

printf '| job | pgark | pgbackrest | ratio | peak RSS of pgark |\n|---|---|---|---|---|\n' >"$work/report"
trap 'as_postgres "$server/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; stop_worker' EXIT

print_report() {
    echo
    "$server/postgres" --version
    "$backrest_program" version
    "$install/bin/pgark" --version
    cat "$work/report"
}
