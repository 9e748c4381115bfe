package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.systemcall.FileSystemSync;

class DurabilityTest {
    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(OS.LINUX)
    void callsTheSystemWhereItHasACallForThis() throws Exception {
        Optional<FileSystemSync> call = FileSystemSync.available();
        assertThat(call).isPresent();
        call.get().sync(folder);
        try (Durability durability = new Durability(call, 2)) {
            durability.watch(List.of(folder));
            assertThatCode(() -> durability.sync(List.of(folder))).doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> call.get().sync(folder.resolve("nothing")))
                .isInstanceOf(IOException.class)
                .hasMessage("open of \"" + folder.resolve("nothing") + "\" failed with error number 2");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theDiskCanBeginWithAPartOfAFile() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[100_000]);
        try (Durability durability = new Durability(FileSystemSync.available(), 2)) {
            durability.begin(file, 8192, 65_536);
            assertThat(file).hasSize(100_000);
            assertThatThrownBy(() -> durability.begin(folder.resolve("nothing"), 0, 8192))
                    .isInstanceOf(IOException.class)
                    .hasMessage("open of \"" + folder.resolve("nothing") + "\" failed with error number 2");
        }
    }

    @Test
    void goesThroughAllFilesWhereThereIsNoSuchCall() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("file"), "x");
        Files.createSymbolicLink(folder.resolve("a/link"), Path.of("/nowhere"));

        try (Durability durability = new Durability(Optional.empty(), 2)) {
            durability.watch(List.of(folder));
            assertThatCode(() -> durability.sync(List.of(folder))).doesNotThrowAnyException();
        }
    }
}
