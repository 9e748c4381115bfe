package org.pgark.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.cli.restore.PgRestore;
import org.pgark.testkit.FileFault;
import org.pgark.testkit.TestCluster;

/** A damaged archive is told by an error and by the exit code. */
class DamagedArchiveTest {
    private static final long SEED = 20261126;

    private static TestCluster cluster;
    private static Programs programs;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(18).started();
        cluster.execute("CREATE TABLE t AS SELECT n, md5(n::text) AS a FROM generate_series(1, 5000) n");
        cluster.execute("CREATE TABLE z_last AS SELECT n FROM generate_series(1, 10) n");
        cluster.execute("SELECT lo_from_bytea(4711, sha512('x') || sha512('y'))");
        programs = new Programs(cluster);
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private Path dump(String format, String compression) {
        Path archive = folder.resolve("archive");
        assertThat(programs.run(new PgDump(), format, compression, "-f", archive.toString(), "postgres"))
                .as(programs.err())
                .isZero();
        return archive;
    }

    /** The file that holds most of the data. */
    private static Path largest(Path archive) throws IOException {
        try (Stream<Path> files = Files.walk(archive)) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private void assertRefused(Path archive, String damage) {
        assertThat(programs.run(new PgRestore(), "-f", folder.resolve("script").toString(), archive.toString()))
                .as(damage)
                .isEqualTo(1);
        assertThat(programs.err()).as(damage).startsWith("pg_restore: error: ").doesNotContain("internal error");
    }

    @ParameterizedTest
    @CsvSource({
        "-Fc, -Z0",
        "-Fc, -Zgzip",
        "-Fc, -Zlz4",
        "-Fc, -Zzstd",
        "-Ft, -Z0",
        "-Fd, -Zgzip",
        "-Fd, -Zlz4",
        "-Fd, -Zzstd"
    })
    void aCutArchiveIsRefused(String format, String compression) throws Exception {
        Path archive = dump(format, compression);
        Path file = largest(archive);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(SEED);
        // a tar archive ends with the script and with zeros, which nobody needs
        int needed = format.equals("-Ft") ? whole.length * 9 / 10 : whole.length;
        for (int round = 0; round < 5; round++) {
            int length = round == 0 ? needed - 1 : random.nextInt(needed);
            FileFault.truncate(file, length);
            assertRefused(archive, "cut after " + length + " of " + whole.length);
            Files.write(file, whole);
        }
    }

    @ParameterizedTest
    @CsvSource({"-Fc, -Zgzip", "-Fc, -Zlz4", "-Fc, -Zzstd", "-Fd, -Zgzip", "-Fd, -Zlz4", "-Fd, -Zzstd"})
    void aFlippedBitInCompressedDataIsTold(String format, String compression) throws Exception {
        Path archive = dump(format, compression);
        Path file = largest(archive);
        long size = Files.size(file);
        Random random = new Random(SEED);
        for (int round = 0; round < 8; round++) {
            long place = size / 5 + random.nextInt((int) (size * 3 / 5));
            FileFault.flipBit(file, place);
            assertRefused(archive, "flipped at " + place + " of " + size);
            FileFault.flipBit(file, place);
        }
    }

    @Test
    void aMissingFileOfADirectoryIsNamed() throws Exception {
        Path archive = dump("-Fd", "-Zgzip");
        Path file = largest(archive);
        Files.delete(file);
        assertRefused(archive, "missing");
        assertThat(programs.err()).contains(file.getFileName().toString().replace(".gz", ""));
    }

    @Test
    void aTableOfContentsThatIsCutOrFlippedIsNeverTakenForAnother() throws Exception {
        Path archive = dump("-Fd", "-Zgzip");
        Path toc = archive.resolve("toc.dat");
        byte[] whole = Files.readAllBytes(toc);
        Random random = new Random(SEED);
        for (int round = 0; round < 8; round++) {
            int length = random.nextInt(whole.length);
            FileFault.truncate(toc, length);
            assertRefused(archive, "cut after " + length);
            Files.write(toc, whole);
        }
        for (int round = 0; round < 30; round++) {
            FileFault.flipBit(toc, random.nextInt(whole.length));
            int exitCode =
                    programs.run(new PgRestore(), "-f", folder.resolve("script").toString(), archive.toString());
            assertThat(exitCode).isBetween(0, 1);
            assertThat(programs.err()).doesNotContain("internal error").doesNotContain("out of memory");
            Files.write(toc, whole);
        }
    }

    @Test
    void aRestoreOfACutArchiveFailsAndSaysSo() throws Exception {
        Path archive = dump("-Fc", "-Zgzip");
        FileFault.truncate(archive, Files.size(archive) * 3 / 4);
        for (List<String> how : List.of(List.of("-1"), List.of("-j2"), List.of("-e"), List.<String>of())) {
            String database =
                    "cut" + how.size() + (how.isEmpty() ? "" : how.getFirst().substring(1));
            cluster.execute("CREATE DATABASE " + database + " TEMPLATE template0");
            List<String> words = new java.util.ArrayList<>(how);
            words.addAll(List.of("-d", database, archive.toString()));
            assertThat(programs.run(new PgRestore(), words.toArray(String[]::new)))
                    .as("%s", how)
                    .isEqualTo(1);
            assertThat(programs.err()).as("%s", how).startsWith("pg_restore: error: ");
            if (how.equals(List.of("-1"))) {
                assertThat(programs.run(new PgDump(), "-a", "-t", "t", database))
                        .isEqualTo(1);
                assertThat(programs.err()).isEqualTo("pg_dump: error: no matching tables were found\n");
            }
        }
    }
}
