package org.pgark.cli.restore;

/** What {@code pg_restore --help} prints. */
final class PgRestoreHelp {
    static final String TEXT = """
        pg_restore brings an archive that pg_dump made back into a database.

        Usage:
          pg_restore [OPTION]... [FILE]

        Without FILE the archive is read from standard input.

        General options:
          -d, --dbname=NAME        database to restore into, or a connection string
          -f, --file=FILENAME      file for the script or list (- is standard output)
          -F, --format=c|d|t       format of the archive; found out if it is not given
          -l, --list               list what the archive holds
          -v, --verbose            say more; may be given twice
          -V, --version            print the version and exit
          -?, --help               print this help and exit

        An archive of a whole server (pg_dumpall -F d):
          -g, --globals-only           roles, tablespaces and the like, no databases
          --exclude-database=PATTERN   leave out the databases that match; may be given again

        What is restored, and how:
          -a, --data-only              data without schema
          -c, --clean                  drop each object before it is made again
          -C, --create                 make the database itself
          -e, --exit-on-error          end with the first error
          -I, --index=NAME             this index
          -j, --jobs=NUM               work over so many connections
          -L, --use-list=FILENAME      what this list names, in its order
          -n, --schema=NAME            objects of this schema
          -N, --exclude-schema=NAME    no objects of this schema
          -O, --no-owner               leave ownership alone
          -P, --function=NAME(args)    this function
          -s, --schema-only            schema without data
          -S, --superuser=NAME         role that switches triggers off
          -t, --table=NAME             this table, view, sequence or the like
          -T, --trigger=NAME           this trigger
          -x, --no-privileges          leave privileges alone
          -1, --single-transaction     all in one transaction
          --disable-triggers           switch triggers off while data is loaded (with -a)
          --enable-row-security        load under row security
          --filter=FILENAME            choose objects by the rules in a file
          --if-exists                  drop with IF EXISTS (with -c)
          --no-comments                no comments
          --no-data                    no data
          --no-data-for-failed-tables  no data for tables that could not be made
          --no-policies                no policies for row security
          --no-publications            no publications
          --no-schema                  no schema
          --no-security-labels         no security labels
          --no-statistics              no statistics
          --no-subscriptions           no subscriptions
          --no-table-access-method     leave access methods of tables alone
          --no-tablespaces             leave tablespaces alone
          --restrict-key=KEY           key for the \\restrict of the script
          --section=SECTION            pre-data, data or post-data; may be given again
          --statistics                 statistics too
          --statistics-only            statistics alone
          --strict-names               fail if a name that is given finds nothing
          --transaction-size=N         a transaction for every N objects
          --use-set-session-authorization
                                       give owners by SET SESSION AUTHORIZATION, not by ALTER
          --compat=N                   write scripts as version N (13 to 18) does

        Connection:
          -h, --host=HOSTNAME      host of the server, or folder of its socket
          -p, --port=PORT          port of the server
          -U, --username=NAME      role to enter as
          -w, --no-password        never ask for a password
          -W, --password           ask for a password at once
          --role=ROLENAME          become this role first

        -I, -n, -N, -P, -t, -T and --section may be given several times, and together. A plain
        script is restored as well, if it goes to a database (-d).
        """;

    private PgRestoreHelp() {}
}
