package org.pgark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

final class ServerCacheTest {
    @TempDir
    private Path folder;

    private Path jar;

    @BeforeEach
    void packAServer() throws Exception {
        jar = jarWith("bin/postgres");
    }

    @Test
    void keepsModesAndLinks() throws Exception {
        Path unpacked = new ServerCache(folder.resolve("cache")).unpacked("18.6.0", jar);

        assertThat(unpacked.resolve("bin/postgres")).hasContent("#!/bin/sh").isExecutable();
        assertThat(unpacked.resolve("lib/libpq.so.5")).isSymbolicLink().isRegularFile();
        assertThat(Files.readSymbolicLink(unpacked.resolve("lib/libpq.so.5"))).isEqualTo(Path.of("../bin/postgres"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void unpacksOnceAndClearsUpAfterOneThatWasKilledAtIt() throws Exception {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Files.createDirectories(cache.resolve("18.6.0.unfinished-123/bin"));

        Path unpacked = new ServerCache(cache).unpacked("18.6.0", jar);
        Files.delete(jar);

        assertThat(new ServerCache(cache).unpacked("18.6.0", jar)).isEqualTo(unpacked);
        assertThat(cache.resolve("18.6.0.unfinished-123")).doesNotExist();
    }

    @Test
    void twoProcessesMayUnpackAtOnce() throws Exception {
        List<Process> processes = List.of(unpackInAnotherProcess(), unpackInAnotherProcess());

        for (Process process : processes) {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        try (var files = Files.list(folder.resolve("cache"))) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("18.6.0", "18.6.0.lock");
        }
    }

    @Test
    void refusesAFolderThatOthersMayWriteTo() throws Exception {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> new ServerCache(cache).unpacked("18.6.0", jar))
                .hasMessage("folder \"" + cache + "\" must belong to the user of this process and be writable for"
                        + " nobody else; programs are run from it");
    }

    @Test
    void refusesAnArchiveThatLeadsOutOfItsFolder() throws Exception {
        Path evil = jarWith("../../evil");

        assertThatThrownBy(() -> new ServerCache(folder.resolve("cache")).unpacked("18.6.0", evil))
                .hasMessage("archive entry \"../../evil\" leads out of its folder");
    }

    private Process unpackInAnotherProcess() throws Exception {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Unpacking.class.getName(),
                        folder.resolve("cache").toString(),
                        jar.toString())
                .inheritIO()
                .start();
    }

    /** What {@link #twoProcessesMayUnpackAtOnce} runs. */
    static final class Unpacking {
        private Unpacking() {}

        public static void main(String[] arguments) throws Exception {
            new ServerCache(Path.of(arguments[0])).unpacked("18.6.0", Path.of(arguments[1]));
        }
    }

    private Path jarWith(String program) throws Exception {
        Path file = Files.createTempFile(folder, "server", ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("postgres-linux-x86_64.txz"));
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new XZOutputStream(zip, new LZMA2Options()))) {
                byte[] script = "#!/bin/sh".getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(program);
                entry.setMode(0755);
                entry.setSize(script.length);
                tar.putArchiveEntry(entry);
                tar.write(script);
                tar.closeArchiveEntry();
                TarArchiveEntry link = new TarArchiveEntry("lib/libpq.so.5", TarConstants.LF_SYMLINK);
                link.setLinkName("../bin/postgres");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
        }
        return file;
    }
}
