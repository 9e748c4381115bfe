package org.pgark.logical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveFormat;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.ArchiveOpening;
import org.pgark.logical.archive.ArchiveReader;
import org.pgark.logical.archive.Compression;
import org.pgark.logical.archive.CompressionMethod;
import org.pgark.logical.archive.CustomArchiveWriter;
import org.pgark.logical.archive.DirectoryArchiveWriter;
import org.pgark.logical.archive.Dump;
import org.pgark.logical.archive.DumpHead;
import org.pgark.logical.archive.DumpItem;
import org.pgark.logical.archive.LargeObjectData;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.logical.archive.Section;
import org.pgark.logical.archive.TableData;
import org.pgark.logical.archive.TarArchiveWriter;
import org.pgark.logical.archive.TocEntry;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.CopyOut;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.testkit.TestCluster;

class ArchiveRoundTripTest {
    private static final String HOSTILE = "ro\"ws\n\\! touch /tmp/owned\n--";

    private static TestCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(18).started();
        cluster.execute("create table account (id int, owner text)");
        cluster.execute(
                "insert into account select n, 'owner ' || n || E' \\\\ \\t\\n' from generate_series(1, 20000) n");
        cluster.execute("create table " + NameQuoting.WHERE_NEEDED.quoted(HOSTILE) + " (a int)");
        cluster.execute("select lo_from_bytea(4711, convert_to(repeat('large object ', 20000), 'UTF8'))");
        cluster.execute("select lo_from_bytea(3000000001, '\\x00ff')");
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static WireConnection open(String database) throws IOException {
        return WireConnection.open(ConnectionSettings.resolve(
                "user=postgres host=" + cluster.socketDirectory() + " port=" + cluster.port() + " dbname=" + database,
                ConnectionEnvironment.of(Map.of(), cluster.home().resolve("no home"), "postgres")));
    }

    private static WireConnection openInTransaction() throws IOException {
        WireConnection connection = open("postgres");
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return connection;
    }

    private static TableData copy(String table) {
        return (connection, out) -> {
            try (CopyOut copy = connection.copyOut("COPY " + table + " TO STDOUT")) {
                copy.transferTo(out);
            }
            out.write("\\.\n\n\n".getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static LargeObjectData largeObjects(long... oids) {
        return (connection, sink) -> {
            for (long oid : oids) {
                try (OutputStream object = sink.begin(oid)) {
                    String hex = connection
                            .queryRows("select encode(lo_get(" + oid + "), 'hex')")
                            .getFirst()
                            .string(0);
                    object.write(java.util.HexFormat.of().parseHex(hex));
                }
            }
        };
    }

    private static DumpItem special(int id, String kind, String definition) {
        return DumpItem.of(TocEntry.builder(id, kind, kind, Section.PRE_DATA)
                .definition(definition)
                .build());
    }

    private static DumpItem table(int id, String name, String columns) {
        return DumpItem.of(TocEntry.builder(id, "TABLE", name, Section.PRE_DATA)
                .catalog(1259, 16384 + id)
                .namespace("public")
                .tablespace("")
                .tableAccessMethod("heap")
                .relkind('r')
                .owner("postgres")
                .definition("CREATE TABLE public." + NameQuoting.WHERE_NEEDED.quoted(name) + " (" + columns + ");\n")
                .dropStatement("DROP TABLE public." + NameQuoting.WHERE_NEEDED.quoted(name) + ";\n")
                .build());
    }

    private static DumpItem data(int id, int table, String name, TableData data) {
        String qualified = "public." + NameQuoting.WHERE_NEEDED.quoted(name);
        return DumpItem.of(
                TocEntry.builder(id, "TABLE DATA", name, Section.DATA)
                        .catalog(0, 16384 + table)
                        .namespace("public")
                        .owner("postgres")
                        .copyStatement("COPY " + qualified + " FROM stdin;\n")
                        .dependencies(List.of(table))
                        .build(),
                data);
    }

    private static List<DumpItem> items(TableData accounts) {
        List<DumpItem> items = new ArrayList<>(List.of(
                special(10, "ENCODING", "SET client_encoding = 'UTF8';\n"),
                special(11, "STDSTRINGS", "SET standard_conforming_strings = 'on';\n"),
                special(12, "SEARCHPATH", "SELECT pg_catalog.set_config('search_path', '', false);\n"),
                table(1, "account", "id integer, owner text"),
                table(2, HOSTILE, "a integer"),
                data(3, 1, "account", accounts),
                data(4, 2, HOSTILE, copy("public." + NameQuoting.WHERE_NEEDED.quoted(HOSTILE)))));
        items.add(DumpItem.of(TocEntry.builder(5, "BLOB METADATA", "4711..3000000001", Section.DATA)
                .definition("4711\n3000000001\n")
                .owner("postgres")
                .dropStatement("-- dropped one by one")
                .build()));
        items.add(DumpItem.of(
                TocEntry.builder(6, "BLOBS", "4711..3000000001", Section.DATA)
                        .owner("postgres")
                        .dependencies(List.of(5))
                        .build(),
                largeObjects(4711, 3000000001L)));
        items.add(DumpItem.of(TocEntry.builder(7, "INDEX", "by_owner", Section.POST_DATA)
                .namespace("public")
                .tablespace("")
                .owner("postgres")
                .definition("CREATE INDEX by_owner ON public.account USING btree (owner);\n")
                .dependencies(List.of(1))
                .build()));
        return items;
    }

    private static Dump dump(WireConnection connection, PostgresMajor release, TableData accounts) {
        DumpHead head = new DumpHead(
                "postgres",
                "18.6",
                release.number() + ".0",
                ZonedDateTime.parse("2026-11-26T11:22:33Z[UTC]"),
                release,
                StandardCharsets.UTF_8);
        return new Dump(head, items(accounts), connection);
    }

    private static RestoreOptions options() {
        return RestoreOptions.builder().restrictKey("key").build();
    }

    private static Compression compression(CompressionMethod method) {
        return new Compression(method, OptionalInt.empty(), false);
    }

    private Path write(ArchiveFormat format, Compression compression, PostgresMajor release, TableData accounts)
            throws IOException {
        Path path = folder.resolve("dump-" + format + "-" + compression.method() + "-" + release);
        try (WireConnection connection = open("postgres")) {
            Dump dump = dump(connection, release, accounts);
            switch (format) {
                case CUSTOM -> {
                    try (CustomArchiveWriter writer = CustomArchiveWriter.to(path, compression, true)) {
                        writer.write(dump);
                    }
                }
                case DIRECTORY ->
                    DirectoryArchiveWriter.to(path, compression, true, ArchiveMessages.none())
                            .write(dump, 2, ArchiveRoundTripTest::openInTransaction);
                case TAR -> {
                    try (TarArchiveWriter writer = TarArchiveWriter.to(path, true)) {
                        writer.write(
                                dump,
                                (out, files) -> new DumpScript(dump, options(), ArchiveMessages.none())
                                        .writeForTar(out, files));
                    }
                }
            }
        }
        return path;
    }

    private static ArchiveReader read(Path path) throws IOException {
        return new ArchiveOpening(ArchiveMessages.none()).open(path, Optional.empty());
    }

    private static String script(ArchiveReader archive) throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        new ArchiveRestore(archive, options(), ArchiveMessages.none()).toScript(script);
        return script.toString(StandardCharsets.UTF_8);
    }

    private static String plainScript(PostgresMajor release) throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        try (WireConnection connection = open("postgres")) {
            new DumpScript(dump(connection, release, copy("account")), options(), ArchiveMessages.none()).write(script);
        }
        return script.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "CUSTOM, NONE, 1",
        "CUSTOM, GZIP, 2",
        "CUSTOM, LZ4, 1",
        "CUSTOM, ZSTD, 3",
        "DIRECTORY, NONE, 2",
        "DIRECTORY, GZIP, 1",
        "DIRECTORY, LZ4, 1",
        "DIRECTORY, ZSTD, 2",
        "TAR, NONE, 1"
    })
    void bringsBackWhatWasDumped(ArchiveFormat format, CompressionMethod method, int jobs) throws Exception {
        Path path = write(format, compression(method), PostgresMajor.V18, copy("account"));
        String database = ("restored_" + format + "_" + method).toLowerCase(java.util.Locale.ROOT);
        cluster.execute("create database " + database + " template template0");
        try (ArchiveReader archive = read(path)) {
            assertThat(script(archive)).isEqualTo(plainScript(PostgresMajor.V18));
        }
        try (ArchiveReader archive = read(path)) {
            int errors = new ArchiveRestore(archive, RestoreOptions.builder().build(), ArchiveMessages.none())
                    .toServer(name -> open(name.orElse(database)), jobs);
            assertThat(errors).isZero();
        }
        String sum = "select count(*) || ' ' || md5(string_agg(owner, '' order by id)) from public.account";
        String object = "select md5(lo_get(4711)) || encode(lo_get(3000000001), 'hex')";
        try (WireConnection restored = open(database)) {
            assertThat(restored.queryRows(sum).getFirst().string(0)).isEqualTo(cluster.query(sum));
            assertThat(restored.queryRows(object).getFirst().string(0)).isEqualTo(cluster.query(object));
            assertThat(restored.queryRows("select count(*) from pg_class where relname = 'by_owner'")
                            .getFirst()
                            .string(0))
                    .isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource(ArchiveFormat.class)
    void readsAnArchiveFromAPipe(ArchiveFormat format) throws Exception {
        if (format == ArchiveFormat.DIRECTORY) {
            assertThatThrownBy(() -> new ArchiveOpening(ArchiveMessages.none())
                            .open(InputStream.nullInputStream(), Optional.of(format)))
                    .hasMessage("no output directory specified");
            return;
        }
        Path path = write(format, compression(CompressionMethod.NONE), PostgresMajor.V18, copy("account"));
        try (ArchiveReader archive = new ArchiveOpening(ArchiveMessages.none())
                .open(new ByteArrayInputStream(Files.readAllBytes(path)), Optional.empty())) {
            assertThat(script(archive)).isEqualTo(plainScript(PostgresMajor.V18));
        }
    }

    @ParameterizedTest
    @CsvSource({"V13, 14", "V15, 14", "V16, 15", "V17, 16", "V18, 16"})
    void writesTheLayoutOfTheVersionThatItStandsInFor(PostgresMajor release, int minor) throws Exception {
        Path path = write(ArchiveFormat.CUSTOM, Compression.DEFAULT, release, copy("account"));
        try (ArchiveReader archive = read(path)) {
            assertThat(archive.head().version().minor()).isEqualTo(minor);
            assertThat(archive.head().compression().method()).isEqualTo(CompressionMethod.GZIP);
            assertThat(script(archive)).contains("-- Dumped by pg_dump version " + release.number() + ".0\n");
        }
    }

    @ParameterizedTest
    @EnumSource(ArchiveFormat.class)
    void leavesNoArchiveWhereADumpWasBrokenOff(ArchiveFormat format) throws Exception {
        TableData breaking = (connection, out) -> {
            out.write("1\tone\n".repeat(50_000).getBytes(StandardCharsets.US_ASCII));
            throw new IOException("server is gone");
        };
        assertThatThrownBy(() -> write(format, compression(CompressionMethod.NONE), PostgresMajor.V18, breaking))
                .hasMessage("server is gone");
        Path path = folder.resolve("dump-" + format + "-NONE-V18");
        assertThat(path).exists();
        assertThatThrownBy(() -> read(path)).isInstanceOf(ArchiveException.class);
    }

    @Test
    void refusesATruncatedArchive() throws Exception {
        Path path = write(ArchiveFormat.CUSTOM, Compression.DEFAULT, PostgresMajor.V18, copy("account"));
        byte[] whole = Files.readAllBytes(path);
        Random random = new Random(7);
        for (int cut = 0; cut < 60; cut++) {
            int length = cut == 0 ? whole.length - 1 : random.nextInt(whole.length);
            Path shorter = Files.write(folder.resolve("shorter"), java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> {
                        try (ArchiveReader archive = read(shorter)) {
                            script(archive);
                        }
                    })
                    .as("cut after %d of %d bytes", length, whole.length)
                    .isInstanceOf(ArchiveException.class);
        }
    }

    @Test
    void neverFailsButWithAMessageOnDamagedBytes() throws Exception {
        Path path = write(ArchiveFormat.CUSTOM, Compression.DEFAULT, PostgresMajor.V18, copy("account"));
        byte[] whole = Files.readAllBytes(path);
        Random random = new Random(11);
        for (int round = 0; round < 150; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Path file = Files.write(folder.resolve("damaged"), damaged);
            try (ArchiveReader archive = read(file)) {
                script(archive);
            } catch (ArchiveException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void keepsHostileNamesInTheirPlace() throws Exception {
        assertThat(plainScript(PostgresMajor.V18).lines())
                .as("a name in a comment stays on its line; elsewhere it is inside quotes, where psql obeys nothing")
                .anyMatch(line -> line.startsWith("-- Name: ro\"ws \\! touch /tmp/owned --; Type: TABLE;"))
                .noneMatch(line -> line.startsWith("-- Name:") && line.endsWith("ro\"ws"));
    }

    @Test
    void readsBlocksOfLz4ThatReferToEachOther() throws Exception {
        try (InputStream in = Objects.requireNonNull(
                        ArchiveRoundTripTest.class.getResourceAsStream("pg_dump-18-lz4.dump"), "no archive");
                ArchiveReader archive = new ArchiveOpening(ArchiveMessages.none()).open(in, Optional.empty())) {
            String script = script(archive);
            assertThat(script.lines().filter(line -> line.matches("[0-9]+\tword word word word [0-6]")))
                    .hasSize(12000);
            assertThat(script).contains("SELECT pg_catalog.lowrite(0, '\\x68656c6c6f206c61726765206f626a656374');\n");
        }
    }
}
