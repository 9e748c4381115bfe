#!/bin/bash
# run.sh SOURCE INSTALLED PGARK TESTFILE...: runs TAP tests of PostgreSQL's source tree SOURCE (built with --enable-tap-tests, its programs
# installed under INSTALLED) against the programs of the launcher PGARK. Servers do not run as root: as root the tests run as postgres, who
# must be able to read SOURCE, INSTALLED and what PGARK starts. A TESTFILE is a path below SOURCE, such as src/bin/pg_basebackup/t/*.pl.
# PGARK_COMPAT=15 has pgark stand in for the programs of 15.
set -eu
[ $# -ge 4 ] || { sed -n 2,5p "$0" >&2; exit 2; }
source=$(readlink -f "$1") installed=$(readlink -f "$2") pgark=$(readlink -f "$3"); shift 3
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
links=$(mktemp -d -t pgark-links-XXXXXX); chmod 755 "$links"; trap 'rm -r "$links"' EXIT
for program in pg_basebackup pg_receivewal pg_verifybackup pg_combinebackup pg_waldump pg_walsummary pg_dump pg_restore pg_dumpall; do ln -s "$pgark" "$links/$program"; done
as "$links/pg_basebackup" --version > /dev/null || { echo "run.sh: \"$pgark\" does not run as the user of the tests" >&2; exit 1; }
for test in "$@"; do
  folder=$source/$(dirname "$(dirname "$test")")
  work=$(mktemp -d -t pgark-tap-XXXXXX); mkdir "$work/data" "$work/log" "$work/ports"
  chmod 755 "$work"; [ "$(id -u)" != 0 ] || chown -R postgres "$work"
  program=$(basename "$folder")
  cd "$folder"
  as env PATH="$links:$installed/bin:$PATH" sh -c "echo \"$program is \$(readlink -f \$(command -v $program)), \$($program --version)\""
  # Up to 16 the modules take TESTDIR, from 17 on TESTDATADIR and TESTLOGDIR.
  as env PATH="$links:$installed/bin:$PATH" PERL5LIB="$source/src/test/perl:$folder" PG_REGRESS="$source/src/test/regress/pg_regress" \
    REGRESS_SHLIB="$source/src/test/regress/regress.so" top_builddir="$source" TESTDIR="$work" TESTDATADIR="$work/data" TESTLOGDIR="$work/log" \
    PG_TEST_PORT_DIR="$work/ports" PG_TEST_TIMEOUT_DEFAULT="${PG_TEST_TIMEOUT_DEFAULT:-300}" share_contrib_dir="$installed/share/postgresql/contrib" \
    GZIP_PROGRAM="$(command -v gzip || true)" LZ4="$(command -v lz4 || true)" ZSTD="$(command -v zstd || true)" TAR="$(command -v tar || true)" \
    with_icu=no LC_ALL=C TMPDIR="$work" perl "t/$(basename "$test")" > "$work/out" 2>&1 && status=0 || status=$?
  echo "$test: exit code $status, $(grep -c '^ok' "$work/out" || true) ok, $(grep -c '^not ok' "$work/out" || true) not ok, $(tail -1 "$work/out" | cut -c1-60), see $work/out"
done
