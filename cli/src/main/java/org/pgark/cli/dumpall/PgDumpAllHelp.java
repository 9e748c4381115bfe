package org.pgark.cli.dumpall;

/** What {@code pg_dumpall --help} prints. */
final class PgDumpAllHelp {
    static final String TEXT = """
        pg_dumpall writes all databases of a server, and what belongs to none of them, as one SQL
        script, or as one folder of archives.

        Usage:
          pg_dumpall [OPTION]...

        What is written where:
          -f, --file=FILENAME          the file to write, instead of standard output
          -F, --format=c|d|t|p         p (usual) is a script; c, d, t make a folder with a script of
                                       what belongs to no database and an archive of each database,
                                       which pg_restore brings back as a whole
          -j, --jobs=NUM               with -F d: read each database over so many connections
          -Z, --compress=METHOD[:DETAIL]
                                       with -F c or d: how the archives are compressed
          -v, --verbose                say what is being done
          -V, --version                print the version and end
          --lock-wait-timeout=TIMEOUT  give up where a table cannot be locked for so long
          --no-sync                    do not wait until the script is safe on disk
          --restrict-key=KEY           the key of psql's \\restrict, instead of a random one
          --compat=VERSION             write as PostgreSQL VERSION (13 to 18) would; also PGARK_COMPAT
          -?, --help                   print this and end

        What it holds:
          -a, --data-only              rows only, no definitions
          -s, --schema-only            definitions only, no rows
          -g, --globals-only           roles and tablespaces only, no databases
          -r, --roles-only             roles only
          -t, --tablespaces-only       tablespaces only
          --exclude-database=PATTERN   leave out the databases that match
          --filter=FILENAME            read what to leave out from a file
          --statistics                 the planner's statistics as well
          --statistics-only            the planner's statistics only
          --no-schema, --no-data, --no-statistics
                                       leave that out
          --sequence-data              values of sequences where rows are left out
          --no-comments, --no-policies, --no-publications, --no-security-labels,
          --no-subscriptions, --no-role-passwords, --no-unlogged-table-data
                                       leave that out

        How it is written:
          -c, --clean                  drop everything before it is made
          --if-exists                  with --clean: what is dropped need not exist
          -E, --encoding=ENCODING      the encoding of the script
          -O, --no-owner               do not say who owns what
          -x, --no-privileges          do not grant or revoke
          -S, --superuser=NAME         the superuser for --disable-triggers
          --disable-triggers           switch triggers off while rows come back
          --inserts, --column-inserts  INSERT instead of COPY
          --rows-per-insert=NROWS      so many rows in one INSERT
          --on-conflict-do-nothing     INSERT skips rows that are there
          --disable-dollar-quoting     quote with single quotes only
          --quote-all-identifiers      quote every name
          --extra-float-digits=NUM     the setting extra_float_digits while reading
          --load-via-partition-root    load partitions through their root
          --no-table-access-method, --no-tablespaces, --no-toast-compression
                                       do not say that of tables
          --use-set-session-authorization
                                       change owners by SET SESSION AUTHORIZATION

        How to connect:
          -d, --dbname=CONNSTR         a connection string
          -h, --host=HOSTNAME          the server's host, or the folder of its socket
          -l, --database=DBNAME        the database to read the server's own objects in
          -p, --port=PORT              the server's port
          -U, --username=NAME          the user to connect as
          -w, --no-password            never ask for a password
          -W, --password               ask for a password
          --role=ROLENAME              SET ROLE before reading
        """;

    private PgDumpAllHelp() {}
}
