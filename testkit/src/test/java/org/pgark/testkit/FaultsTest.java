package org.pgark.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FaultsTest {
    @TempDir
    private Path folder;

    @Test
    void flipsOneBitOfAFileThatMayNotBeWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "abc");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        FileFault.flipBit(file, 1);
        FileFault.flipBit(file, -1);

        assertThat(file).hasContent("acb");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("r--r-----");
        assertThatThrownBy(() -> FileFault.flipBit(file, 3)).hasMessage("\"" + file + "\" has no byte at offset 3");
    }

    @Test
    void zeroesTruncatesAndSwaps() throws Exception {
        Path one = Files.writeString(folder.resolve("one"), "abcd");
        Path other = Files.writeString(folder.resolve("other"), "xyz");

        FileFault.zero(one, 1, 2);
        FileFault.truncate(other, 1);
        FileFault.swap(one, other);

        assertThat(one).hasContent("x");
        assertThat(Files.readAllBytes(other)).containsExactly('a', 0, 0, 'd');
    }

    @Test
    void aSmallFileSystemRunsFullAndHasRoomAgain() throws Exception {
        assumeTrue(SmallFileSystem.obstacle().isEmpty(), SmallFileSystem.obstacle());
        Path mounted;
        try (SmallFileSystem small = SmallFileSystem.mount(1 << 20)) {
            mounted = small.folder();
            Path ballast = small.fill();
            Path file = small.folder().resolve("file");
            assertThatThrownBy(() -> Files.write(file, "abc".getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");
            Files.delete(ballast);
            assertThat(Files.writeString(file, "abc")).hasContent("abc");
        }
        assertThat(mounted).doesNotExist();
    }

    @Test
    void permissionBitsHoldForAnUnprivilegedUser() throws Exception {
        UnprivilegedUser user = UnprivilegedUser.nobody();
        Path open = Files.createTempDirectory("pgark-open-");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = Files.writeString(open.resolve("file"), "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        user.own(file);

        ProgramOutcome refused = user.run(List.of("cat", file.toString()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        ProgramOutcome read = user.run(List.of("cat", file.toString()));

        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.errors()).contains("Permission denied");
        assertThat(read).isEqualTo(new ProgramOutcome(0, "secret", ""));
        assertThat(user.uid()).isNotZero();
        Files.delete(file);
        Files.delete(open);
    }
}
