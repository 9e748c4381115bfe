#!/bin/bash
# What encryption costs: full backups of one pgbench database into a plain and an encrypted repository, by pgark, beside
# pgBackRest with and without aes-256-cbc, one after the other in each round.
# usage: encryption.sh FOLDER [ROUNDS [SCALE]]; as root, with Debian's PostgreSQL and GNU time.
# PGBACKREST names another pgBackRest than the one of the path.
set -euo pipefail

work=${1:?usage: encryption.sh FOLDER [ROUNDS [SCALE]]}
rounds=${2:-5}
scale=${3:-100}
port=${PORT:-5997}
backrest_program=${PGBACKREST:-pgbackrest}
home=$(cd "$(dirname "$0")/../dist/target/pgark" && pwd -P)
[ -e "$home/complete" ] || { echo "build pgark first: ./mvnw -q -DskipTests verify" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "must be root, to run the server as postgres" >&2; exit 1; }
server=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
backrest=$(command -v "$backrest_program" || true)

rm -rf "$work"
mkdir -p "$work"
chown postgres "$work"
chmod 755 "$work"
install="$work/pgark"
cp -a "$home" "$install"

as_postgres() { runuser -u postgres -- env PGHOST="$work" PGPORT="$port" PGUSER=postgres PGDATABASE=postgres HOME="$work" PGARK_SPOOL="$work/spool" "$@"; }
sql() { as_postgres psql -qAtX -c "$1"; }

stop_worker() {
    local worker
    for worker in $(cat "$work"/spool/*/worker.pid 2>/dev/null); do
        tr "\\0" " " 2>/dev/null <"/proc/$worker/cmdline" | grep -q "wal worker" || continue
        kill "$worker" 2>/dev/null || true
        while [ -d "/proc/$worker" ]; do sleep 0.1; done
    done
}
trap 'as_postgres "$server/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; stop_worker' EXIT

# Runs a command as postgres and appends its seconds to the list named first.
timed() {
    local into=$1
    shift
    sync
    sleep 1
    as_postgres /usr/bin/time -o "$work/time" -f '%e' "$@" >"$work/last.log" 2>&1 || { cat "$work/last.log" >&2; exit 1; }
    tail -n 1 "$work/time" >>"$work/$into.seconds"
    echo "  $into: $(tail -n 1 "$work/$into.seconds")"
}

archive_to() {
    sql "ALTER SYSTEM SET archive_command = '$1'"
    sql "SELECT pg_reload_conf()" >/dev/null
    sleep 0.3
}

backrest_conf() { # NAME CIPHER-LINES
    cat >"$work/$1.conf" <<CONF
[global]
repo1-path=$work/$1
repo1-retention-full=9
$2
compress-type=zst
compress-level=3
process-max=2
start-fast=y
lock-path=$work/lock
log-path=$work/log
log-level-console=warn
log-level-file=off
[bench]
pg1-path=$work/data
pg1-port=$port
pg1-socket-path=$work
pg1-user=postgres
CONF
}

ours() { # NAME INIT-OPTIONS
    local name=$1
    shift
    stop_worker
    rm -rf "$work/$name" "$work/spool" "$work/$name.toml" "$work/$name.key"
    as_postgres env PGARK_CONFIG="$work/$name.toml" "$install/bin/pgark" init --cluster bench --pgdata "$work/data" \
        --repo "file:$work/$name" "$@" >/dev/null
    archive_to "PGARK_SPOOL=$work/spool $install/bin/pgark-wal --config $work/$name.toml push %p"
    timed "$name" env PGARK_CONFIG="$work/$name.toml" "$install/bin/pgark" backup --cluster bench --jobs 2 --checkpoint fast
}

theirs() { # NAME
    rm -rf "${work:?}/$1" "$work/lock" "$work/log"
    as_postgres mkdir -p "$work/$1" "$work/lock" "$work/log"
    as_postgres "$backrest" --config="$work/$1.conf" --stanza=bench stanza-create
    archive_to "$backrest --config=$work/$1.conf --stanza=bench archive-push %p"
    timed "$1" "$backrest" --config="$work/$1.conf" --stanza=bench backup --type=full
}

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
as_postgres pgbench -q -i -s "$scale" >/dev/null 2>&1
sql "CHECKPOINT"
backrest_conf backrest-plain ""
backrest_conf backrest-encrypted "repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=$(head -c 32 /dev/urandom | base64 -w0)"

for round in $(seq "$rounds"); do
    echo "round $round"
    ours pgark-plain
    ours pgark-encrypted --key-file "$work/pgark-encrypted.key"
    if [ -n "$backrest" ]; then
        theirs backrest-plain
        theirs backrest-encrypted
    fi
done

median() { sort -n "$work/$1.seconds" | awk '{v[NR]=$1} END {print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }
report() { # WORDS PLAIN ENCRYPTED
    local plain encrypted
    plain=$(median "$2")
    encrypted=$(median "$3")
    printf '| %s | %s s | %s s | %s %% |\n' "$1" "$plain" "$encrypted" \
        "$(awk -v a="$plain" -v b="$encrypted" 'BEGIN {printf "%+.1f", 100*(b/a-1)}')"
}
echo
"$server/postgres" --version
"$install/bin/pgark" --version
[ -z "$backrest" ] || "$backrest" version
echo '| full backup | plain | encrypted | cost |'
echo '|---|---|---|---|'
report "pgark (AES-256-GCM)" pgark-plain pgark-encrypted
[ -z "$backrest" ] || report "pgBackRest (aes-256-cbc)" backrest-plain backrest-encrypted
