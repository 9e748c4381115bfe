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
# shellcheck source=cluster.sh
. "$(dirname "$0")/cluster.sh"

ours() { # NAME INIT-OPTIONS
    local name=$1
    shift
    stop_worker
    rm -rf "$work/$name" "$work/spool" "$work/$name.toml" "$work/$name.key"
    as_postgres env PGARK_CONFIG="$work/$name.toml" "$install/bin/pgark" init --cluster bench --pgdata "$work/data" \
        --repo "file:$work/$name" "$@" >/dev/null
    set_archive_command "PGARK_SPOOL=$work/spool $install/bin/pgark-wal --config $work/$name.toml push %p"
    quiet_disk
    timed "$name" env PGARK_CONFIG="$work/$name.toml" "$install/bin/pgark" backup --cluster bench --jobs 2 --checkpoint fast
}

theirs() { # NAME
    rm -rf "${work:?}/$1" "$work/lock" "$work/log"
    as_postgres mkdir -p "$work/$1" "$work/lock" "$work/log"
    cp "$work/$1.conf" "$work/pgbackrest.conf"
    as_postgres $(backrest stanza-create)
    set_archive_command "$(backrest archive-push) %p"
    quiet_disk
    timed "$1" $(backrest backup --type=full)
}

new_large_cluster --data-checksums
as_postgres pgbench -q -i -s "$scale" >/dev/null 2>&1
sql "CHECKPOINT"
backrest_configuration backrest-plain repo1-retention-full=9 >"$work/backrest-plain.conf"
backrest_configuration backrest-encrypted repo1-retention-full=9 repo1-cipher-type=aes-256-cbc \
    "repo1-cipher-pass=$(head -c 32 /dev/urandom | base64 -w0)" >"$work/backrest-encrypted.conf"

for round in $(seq "$rounds"); do
    echo "round $round"
    ours pgark-plain
    ours pgark-encrypted --key-file "$work/pgark-encrypted.key"
    theirs backrest-plain
    theirs backrest-encrypted
done

cost() { # WORDS PLAIN ENCRYPTED
    local plain encrypted
    plain=$(column_median "$2" 1)
    encrypted=$(column_median "$3" 1)
    printf '| %s | %s s | %s s | %s %% |\n' "$1" "$plain" "$encrypted" \
        "$(awk -v a="$plain" -v b="$encrypted" 'BEGIN {printf "%+.1f", 100*(b/a-1)}')"
}
echo
"$server/postgres" --version
"$install/bin/pgark" --version
"$backrest_program" version
echo '| full backup | plain | encrypted | cost |'
echo '|---|---|---|---|'
cost "pgark (AES-256-GCM)" pgark-plain pgark-encrypted
cost "pgBackRest (aes-256-cbc)" backrest-plain backrest-encrypted
