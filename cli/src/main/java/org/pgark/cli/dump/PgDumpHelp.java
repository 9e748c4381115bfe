package org.pgark.cli.dump;

/** What {@code pg_dump --help} prints. */
final class PgDumpHelp {
    static final String TEXT = """
            pg_dump exports a PostgreSQL database as an SQL script or to other formats.

            Usage:
              pg_dump [OPTION]... [DBNAME]

            General options:
              -f, --file=FILENAME          output file or directory name
              -F, --format=c|d|t|p         output file format (custom, directory, tar,
                                           plain text (default))
              -j, --jobs=NUM               use this many parallel jobs to dump
              -v, --verbose                verbose mode
              -V, --version                output version information, then exit
              -Z, --compress=METHOD[:DETAIL]
                                           compress as specified
              --lock-wait-timeout=TIMEOUT  fail after waiting TIMEOUT for a table lock
              --no-sync                    do not wait for changes to be written safely to disk
              --sync-method=METHOD         set method for syncing files to disk
              -?, --help                   show this help, then exit

            Options controlling the output content:
              -a, --data-only              dump only the data, not the schema or statistics
              -b, --large-objects          include large objects in dump
              --blobs                      (same as --large-objects, deprecated)
              -B, --no-large-objects       exclude large objects in dump
              --no-blobs                   (same as --no-large-objects, deprecated)
              -c, --clean                  clean (drop) database objects before recreating
              -C, --create                 include commands to create database in dump
              -e, --extension=PATTERN      dump the specified extension(s) only
              -E, --encoding=ENCODING      dump the data in encoding ENCODING
              -n, --schema=PATTERN         dump the specified schema(s) only
              -N, --exclude-schema=PATTERN do NOT dump the specified schema(s)
              -O, --no-owner               skip restoration of object ownership in
                                           plain-text format
              -s, --schema-only            dump only the schema, no data or statistics
              -S, --superuser=NAME         superuser user name to use in plain-text format
              -t, --table=PATTERN          dump only the specified table(s)
              -T, --exclude-table=PATTERN  do NOT dump the specified table(s)
              -x, --no-privileges          do not dump privileges (grant/revoke)
              --binary-upgrade             for use by upgrade utilities only
              --column-inserts             dump data as INSERT commands with column names
              --disable-dollar-quoting     disable dollar quoting, use SQL standard quoting
              --disable-triggers           disable triggers during data-only restore
              --enable-row-security        enable row security (dump only content user has
                                           access to)
              --exclude-extension=PATTERN  do NOT dump the specified extension(s)
              --exclude-table-and-children=PATTERN
                                           do NOT dump the specified table(s), including
                                           child and partition tables
              --exclude-table-data=PATTERN do NOT dump data for the specified table(s)
              --exclude-table-data-and-children=PATTERN
                                           do NOT dump data for the specified table(s),
                                           including child and partition tables
              --extra-float-digits=NUM     override default setting for extra_float_digits
              --filter=FILENAME            include or exclude objects and data from dump
                                           based on expressions in FILENAME
              --if-exists                  use IF EXISTS when dropping objects
              --include-foreign-data=PATTERN
                                           include data of foreign tables on foreign
                                           servers matching PATTERN
              --inserts                    dump data as INSERT commands, rather than COPY
              --load-via-partition-root    load partitions via the root table
              --no-comments                do not dump comment commands
              --no-data                    do not dump data
              --no-policies                do not dump row security policies
              --no-publications            do not dump publications
              --no-schema                  do not dump schema
              --no-security-labels         do not dump security label assignments
              --no-statistics              do not dump statistics
              --no-subscriptions           do not dump subscriptions
              --no-table-access-method     do not dump table access methods
              --no-tablespaces             do not dump tablespace assignments
              --no-toast-compression       do not dump TOAST compression methods
              --no-unlogged-table-data     do not dump unlogged table data
              --on-conflict-do-nothing     add ON CONFLICT DO NOTHING to INSERT commands
              --quote-all-identifiers      quote all identifiers, even if not key words
              --restrict-key=RESTRICT_KEY  use provided string as psql \\restrict key
              --rows-per-insert=NROWS      number of rows per INSERT; implies --inserts
              --section=SECTION            dump named section (pre-data, data, or post-data)
              --sequence-data              include sequence data in dump
              --serializable-deferrable    wait until the dump can run without anomalies
              --snapshot=SNAPSHOT          use given snapshot for the dump
              --statistics                 dump the statistics
              --statistics-only            dump only the statistics, not schema or data
              --strict-names               require table and/or schema include patterns to
                                           match at least one entity each
              --table-and-children=PATTERN dump only the specified table(s), including
                                           child and partition tables
              --use-set-session-authorization
                                           use SET SESSION AUTHORIZATION commands instead of
                                           ALTER OWNER commands to set ownership

            Connection options:
              -d, --dbname=DBNAME      database to dump
              -h, --host=HOSTNAME      database server host or socket directory
              -p, --port=PORT          database server port number
              -U, --username=NAME      connect as specified database user
              -w, --no-password        never prompt for password
              -W, --password           force password prompt (should happen automatically)
              --role=ROLENAME          do SET ROLE before dump

            If no database name is supplied, then the PGDATABASE environment
            variable value is used.

            Report bugs to <pgsql-bugs@lists.postgresql.org>.
            PostgreSQL home page: <https://www.postgresql.org/>
            """;

    private PgDumpHelp() {}
}
