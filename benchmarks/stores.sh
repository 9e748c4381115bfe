#!/bin/bash
# Backup and restore with a local directory and with s3proxy on the loopback, and WAL to it with latency, beside pgBackRest.
# usage: stores.sh FOLDER [ROUNDS [PARTS]]   PARTS of "backup copy wal"; as root, with Debian's PostgreSQL, pgbackrest, openssl and GNU time
set -euo pipefail

work=${1:?usage: stores.sh FOLDER [ROUNDS [PARTS]]}
rounds=${2:-3}
parts=${3:-backup copy wal}
port=5996
segments=64
delay=10 # in each direction, in ms

# shellcheck source=cluster.sh
. "$(dirname "$0")/cluster.sh"
here=$(cd "$(dirname "$0")" && pwd -P)
emulator=$here/../emulators/target/s3proxy
java=${JAVA_HOME:?}/bin/java
started=""

cleanup() {
    as_postgres "$server/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
    stop_worker
    for pid in $started; do kill "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT

# pgBackRest speaks S3 over TLS only, so the WAL runs over TLS for both.
start_service() {
    mkdir -p "$work/buckets/bench" "$work/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
        -keyout "$work/tls/key.pem" -out "$work/tls/cert.pem" 2>/dev/null
    openssl pkcs12 -export -inkey "$work/tls/key.pem" -in "$work/tls/cert.pem" -out "$work/tls/store.p12" -passout pass:benchmark
    printf '%s\n' s3proxy.endpoint=http://127.0.0.1:7997 s3proxy.secure-endpoint=https://127.0.0.1:7998 \
        "s3proxy.keystore-path=$work/tls/store.p12" s3proxy.keystore-password=benchmark \
        s3proxy.authorization=aws-v2-or-v4 s3proxy.identity=bench s3proxy.credential=secret \
        jclouds.provider=filesystem-nio2 "jclouds.filesystem.basedir=$work/buckets" >"$work/s3proxy.conf"
    (cd "$work" && exec "$java" -Xmx1g "-Dlogback.configurationFile=$here/../emulators/s3proxy-logback.xml" -cp "$emulator/jackson-annotations-2.22.jar:$emulator/*" org.gaul.s3proxy.Main \
        --properties "$work/s3proxy.conf") >"$work/s3proxy.log" 2>&1 &
    started="$started $!"
    (cd "$work" && exec "$java" "$here/DelayProxy.java" 7999 7998 "$delay") >"$work/delay.log" 2>&1 &
    started="$started $!"
    for _ in $(seq 100); do
        if (exec 3<>/dev/tcp/127.0.0.1/7998) 2>/dev/null && (exec 3<>/dev/tcp/127.0.0.1/7999) 2>/dev/null; then return; fi
        sleep 0.2
    done
    cat "$work/s3proxy.log" "$work/delay.log" >&2
    exit 1
}

configure() {
    stop_worker
    rm -rf "$work/repo" "$work/spool" "$work/buckets/bench/s3" "$work/buckets/bench/wal"
    echo secret >"$work/secret"
    printf '%s\n' '[repository.local]' "url = \"file:$work/repo\"" \
        '[repository.s3]' 'url = "s3://bench/s3"' 'endpoint = "http://127.0.0.1:7997"' 'path-style = true' \
        'access-key-id = "bench"' "secret-access-key-file = \"$work/secret\"" \
        '[repository.back]' "url = \"file:$work/back\"" \
        '[repository.wal]' 'url = "s3://bench/wal"' 'endpoint = "https://localhost:7999"' 'path-style = true' \
        'access-key-id = "bench"' "secret-access-key-file = \"$work/secret\"" "ca-file = \"$work/tls/cert.pem\"" \
        '[cluster.bench]' "pgdata = \"$work/data\"" "connection = \"host=$work port=$port user=postgres dbname=postgres\"" \
        "repository = \"$1\"" >"$work/pgark.toml"
    chown postgres "$work/pgark.toml" "$work/secret"
    chmod 600 "$work/pgark.toml" "$work/secret"
    as_postgres "$install/bin/pgark" init --cluster bench --pgdata "$work/data" >/dev/null
}

backups() {
    for round in $(seq "$rounds"); do
        for store in local s3; do
            configure "$store"
            set_archive_command "$install/bin/pgark-wal push %p"
            # So that the worker is there, as it is in a server that works.
            sql "SELECT pg_switch_wal()" >/dev/null
            sleep 3
            quiet_disk
            timed "backup.$store" "$install/bin/pgark" backup --cluster bench --full --jobs 2 --checkpoint fast
            rm -rf "$work/restored"
            quiet_disk
            timed "restore.$store" "$install/bin/pgark" restore --cluster bench --to "$work/restored" --jobs 2
        done
    done
    echo "stored: $(du -sm "$work/buckets/bench/s3" | cut -f 1) MiB"
    ceiling 512
    for job in backup restore; do
        printf '| %s | %s s | %s s | %s | %s MiB |\n' "$job, local and S3" "$(column_median "$job.local" 1)" "$(column_median "$job.s3" 1)" \
            "$(ratio "$(column_median "$job.s3" 1)" "$(column_median "$job.local" 1)")" \
            "$(column_median "$job.s3" 2 | awk '{printf "%.0f", $1/1024}')" >>"$work/report"
    done
}

ceiling() { "$java" -cp "$install/lib/*" "$here/StoreCeiling.java" http://127.0.0.1:7997 bench secret bench "$1"; }

# What is stored already, from the directory into the service and back, where nothing is compressed.
copies() {
    configure local
    set_archive_command "$install/bin/pgark-wal push %p"
    for _ in 1 2 3; do as_postgres "$install/bin/pgark" backup --cluster bench --full --jobs 2 --checkpoint fast >/dev/null 2>&1; done
    echo "to be copied: $(du -sm "$work/repo" | cut -f 1) MiB"
    for round in $(seq "$rounds"); do
        rm -rf "$work/buckets/bench/s3" "$work/buckets/bench/ceiling" "$work/back"
        ceiling 128
        timed copy.up "$install/bin/pgark" copy --all --from local --to s3
        timed copy.down "$install/bin/pgark" copy --all --from s3 --to back
    done
}

put_aside() {
    mkdir -p "$work/aside"
    (cd "$work/data/pg_wal/archive_status" && sed 's/$/.ready/' "$work/list" | xargs -I{} mv {} "$work/aside/")
}
put_back() { mv "$work/aside"/* "$work/data/pg_wal/archive_status/"; }

wal() {
    set_archive_command ""
    while [ "$(ls "$work/data/pg_wal/archive_status" | grep -c '\.ready$')" -lt $((segments + 8)) ]; do
        sql "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid % 10 = $((RANDOM % 10))"
    done
    (cd "$work/data/pg_wal/archive_status" && ls | grep -E '^[0-9A-F]{24}\.ready$' | sed 's/\.ready$//' | sort | tail -n +2) >"$work/all"
    head -n 4 "$work/all" >"$work/warm"
    tail -n +5 "$work/all" | head -n $segments >"$work/list"
    cat >"$work/push-all" <<'SH'
#!/bin/sh
cd "$1" && shift && list=$1 && shift
while read -r segment; do sh -c "$* pg_wal/$segment" || exit 1; done <"$list"
SH
    chmod 755 "$work/push-all"
    mkdir -p "$work/lock" "$work/log" "$work/backrest-spool"
    for round in $(seq "$rounds"); do
        echo "WAL: round $round"
        rm -rf "$work/buckets/bench/backrest" "$work/backrest-spool"/*
        chown -R postgres "$work/lock" "$work/log" "$work/backrest-spool"
        backrest_configuration backrest 'repo1-type=s3' 'repo1-s3-bucket=bench' 'repo1-s3-endpoint=localhost' 'repo1-s3-region=us-east-1' \
            'repo1-storage-host=localhost' 'repo1-storage-port=7999' 'repo1-s3-uri-style=path' 'repo1-s3-key=bench' 'repo1-s3-key-secret=secret' \
            "repo1-storage-ca-file=$work/tls/cert.pem" 'archive-async=y' "spool-path=$work/backrest-spool" |
            sed "s#^repo1-path=.*#repo1-path=/backrest#" >"$work/pgbackrest.conf"
        as_postgres $(backrest stanza-create)
        # The marks of the measured segments come only when the tool is warm, and pgark's worker, which pushes ahead, only after pgBackRest.
        stop_worker
        put_aside
        as_postgres "$work/push-all" "$work/data" "$work/warm" $(backrest archive-push)
        put_back
        quiet_disk
        timed push.pgbackrest "$work/push-all" "$work/data" "$work/list" $(backrest archive-push)
        configure wal
        put_aside
        as_postgres "$work/push-all" "$work/data" "$work/warm" "$install/bin/pgark-wal" push
        quiet_disk
        put_back
        timed push.pgark "$work/push-all" "$work/data" "$work/list" "$install/bin/pgark-wal" push
        echo "  worker: $(grep VmHWM "/proc/$(cat "$work"/spool/bench/worker.pid)/status")"
        stop_worker
    done
    report push
}

wanted() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

new_large_cluster --data-checksums
as_postgres pgbench -q -i -s "${SCALE:-100}" >/dev/null 2>&1
start_service
if wanted backup; then backups; fi
if wanted copy; then copies; fi
if wanted wal; then wal; fi
print_report
