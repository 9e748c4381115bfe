#!/bin/bash
# run.sh SOURCE INSTALLED PGARK TESTFILE...: runs TAP tests of PostgreSQL's source tree SOURCE (built with --enable-tap-tests, its programs
# installed under INSTALLED) against the programs of the launcher PGARK. Servers do not run as root: as root the tests run as postgres,
# who must be able to read the launcher. PGARK_COMPAT=15 has pgark stand in for the programs of 15.
set -eu
[ $# -ge 4 ] || { sed -n 2,4p "$0" >&2; exit 2; }
source=$1 installed=$2 pgark=$(readlink -f "$3"); shift 3
links=$(mktemp -d -t pgark-links-XXXXXX); chmod 755 "$links"
programs="pg_basebackup pg_receivewal pg_verifybackup pg_combinebackup pg_waldump pg_walsummary pg_dump pg_restore pg_dumpall"
for program in $programs; do ln -s "$pgark" "$links/$program"; done
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
for program in $programs; do
  as env PATH="$links:$installed/bin:$PATH" sh -c "echo \"$program is \$(command -v $program) -> $pgark: \$($program --version)\""
done
for test in "$@"; do
  work=$(mktemp -d -t pgark-tap-XXXXXX); mkdir "$work/data" "$work/log"
  chmod 755 "$work"; [ "$(id -u)" != 0 ] || chown -R postgres "$work"
  cd "$source/$(dirname "$(dirname "$test")")"
  as env PATH="$links:$installed/bin:$PATH" PERL5LIB="$source/src/test/perl:$PWD" PG_REGRESS="$source/src/test/regress/pg_regress" \
    REGRESS_SHLIB="$source/src/test/regress/regress.so" top_builddir="$source" TESTDIR="$work" TESTDATADIR="$work/data" TESTLOGDIR="$work/log" \
    GZIP_PROGRAM="$(command -v gzip || true)" LZ4="$(command -v lz4 || true)" ZSTD="$(command -v zstd || true)" TAR="$(command -v tar || true)" \
    with_icu=no LC_ALL=C TMPDIR="$work" share_contrib_dir="$installed/share/postgresql/contrib" \
    perl "t/$(basename "$test")" > "$work/out" 2>&1 && status=0 || status=$?
  echo "$test: exit code $status, $(grep -c '^ok' "$work/out" || true) ok, $(grep -c '^not ok' "$work/out" || true) not ok, see $work/out"
done
rm -r "$links"
