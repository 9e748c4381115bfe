#!/bin/bash
# dump.sh REAL_BIN PGARK DATABASE_DIR PORT DATABASE [ROUNDS]
# Times dumps and restores of one database with PostgreSQL's own tools (REAL_BIN) and with pgark's (PGARK is a folder with links
# named pg_dump and pg_restore), alternating, and prints medians of ROUNDS (3) in seconds, the ratio, and the peak memory of the last round in MB.
# The database is restored beside itself, as DATABASE_bench. The server listens on a socket in DATABASE_DIR.
set -eu
[ $# -ge 5 ] || { sed -n 2,5p "$0" >&2; exit 2; }
real=$1 own=$2 dir=$3 port=$4 database=$5 rounds=${6:-3}
export PGHOST=$dir PGPORT=$port PGUSER=${PGUSER:-postgres}
work=$(mktemp -d -t pgark-dump-XXXXXX)
trap 'rm -rf "$work"' EXIT
timed() { # timed NAME COMMAND... : adds "seconds kilobytes" to the file of the name
  local name=$1; shift
  /usr/bin/time -f '%e %M' -o "$work/time" "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
  tail -1 "$work/time" >>"$work/$name"
}
median() { awk '{print $1}' "$work/$1" | sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
show() { printf '%8.2f s %6d MB' "$(median "$1")" "$(tail -1 "$work/$1" | awk '{print int($2 / 1024)}')"; }
fresh() { "$real/dropdb" --if-exists "${database}_bench" 2>/dev/null; "$real/createdb" -T template0 "${database}_bench"; "$real/psql" -qXc CHECKPOINT postgres; }
for _ in $(seq "$rounds"); do
  for tool in real own; do
    bin=${!tool}
    rm -rf "$work/$tool".*
    timed plain.$tool "$bin/pg_dump" --no-sync -f "$work/$tool.sql" "$database"
    timed gzip.$tool "$bin/pg_dump" --no-sync -Fc -f "$work/$tool.dump" "$database"
    timed schema.$tool "$bin/pg_dump" --no-sync -s -f "$work/$tool.schema" "$database"
    timed directory.$tool "$bin/pg_dump" --no-sync -Fd -j2 -f "$work/$tool.dir" "$database"
    fresh; timed restore.$tool "$bin/pg_restore" -d "${database}_bench" "$work/real.dump"
    fresh; timed parallel.$tool "$bin/pg_restore" -j2 -d "${database}_bench" "$work/real.dump"
  done
done
"$real/dropdb" "${database}_bench"
printf '%-28s %-20s   %-20s %s\n' "$database" "PostgreSQL's" "pgark's" ratio
while read -r name text; do printf '%-28s %s   %s   %s\n' "$text" "$(show "$name.real")" "$(show "$name.own")" "$(awk -v o="$(median "$name.own")" -v r="$(median "$name.real")" 'BEGIN {printf "%.2f", o / r}')"; done <<END
plain pg_dump -Fp
gzip pg_dump -Fc (gzip)
directory pg_dump -Fd -j2 (gzip)
schema pg_dump -s
restore pg_restore
parallel pg_restore -j2
END
