package org.pgark.cli.replication;

import org.pgark.cli.upstream.OptionTable;

/** The options of pg_basebackup, for the reader of the command line and for its user. */
final class BaseBackupHelp {
    static final OptionTable OPTIONS = OptionTable.builder()
            .value('D', "pgdata")
            .value('F', "format")
            .value('i', "incremental")
            .value('c', "checkpoint")
            .flag('C', "create-slot")
            .value('r', "max-rate")
            .flag('R', "write-recovery-conf")
            .value('S', "slot")
            .value('t', "target")
            .value('T', "tablespace-mapping")
            .value('X', "wal-method")
            .flag('z', "gzip")
            .value('Z', "compress")
            .value('l', "label")
            .flag('n', "no-clean")
            .flag('N', "no-sync")
            .value('d', "dbname")
            .value('h', "host")
            .value('p', "port")
            .value('U', "username")
            .flag('w', "no-password")
            .flag('W', "password")
            .value('s', "status-interval")
            .flag('v', "verbose")
            .flag('P', "progress")
            .value("waldir")
            .flag("no-slot")
            .flag("no-verify-checksums")
            .flag("no-estimate-size")
            .flag("no-manifest")
            .flag("manifest-force-encode")
            .value("manifest-checksums")
            .value("sync-method")
            .build();

    static final String TEXT = """
            pg_basebackup takes a base backup of a running PostgreSQL server.

            Usage:
              pg_basebackup [OPTION]...

            Options controlling the output:
              -D, --pgdata=DIRECTORY receive base backup into directory
              -F, --format=p|t       output format (plain (default), tar)
              -i, --incremental=OLDMANIFEST
                                     take incremental backup
              -r, --max-rate=RATE    maximum transfer rate to transfer data directory
                                     (in kB/s, or use suffix "k" or "M")
              -R, --write-recovery-conf
                                     write configuration for replication
              -t, --target=TARGET[:DETAIL]
                                     backup target (if other than client); with "repository",
                                     "repository:NAME" or a URL a repository of pgark
              -T, --tablespace-mapping=OLDDIR=NEWDIR
                                     relocate tablespace in OLDDIR to NEWDIR
                  --waldir=WALDIR    location for the write-ahead log directory
              -X, --wal-method=none|fetch|stream
                                     include required WAL files with specified method
              -z, --gzip             compress tar output
              -Z, --compress=[{client|server}-]METHOD[:DETAIL]
                                     compress on client or server as specified
              -Z, --compress=none    do not compress tar output

            General options:
              -c, --checkpoint=fast|spread
                                     set fast or spread (default) checkpointing
              -C, --create-slot      create replication slot
              -l, --label=LABEL      set backup label
              -n, --no-clean         do not clean up after errors
              -N, --no-sync          do not wait for changes to be written safely to disk
              -P, --progress         show progress information
              -S, --slot=SLOTNAME    replication slot to use
              -v, --verbose          output verbose messages
              -V, --version          output version information, then exit
                  --manifest-checksums=SHA{224,256,384,512}|CRC32C|NONE
                                     use algorithm for manifest checksums
                  --manifest-force-encode
                                     hex encode all file names in manifest
                  --no-estimate-size do not estimate backup size in server side
                  --no-manifest      suppress generation of backup manifest
                  --no-slot          prevent creation of temporary replication slot
                  --no-verify-checksums
                                     do not verify checksums
                  --sync-method=METHOD
                                     set method for syncing files to disk
              -?, --help             show this help, then exit

            Connection options:
              -d, --dbname=CONNSTR   connection string
              -h, --host=HOSTNAME    database server host or socket directory
              -p, --port=PORT        database server port number
              -s, --status-interval=INTERVAL
                                     time between status packets sent to server (in seconds)
              -U, --username=NAME    connect as specified database user
              -w, --no-password      never prompt for password
              -W, --password         force password prompt (should happen automatically)

            Report bugs to <pgsql-bugs@lists.postgresql.org>.
            PostgreSQL home page: <https://www.postgresql.org/>
            """;

    private BaseBackupHelp() {}
}
