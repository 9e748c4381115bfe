package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ClassFilesTest {
    @TempDir
    private Path folder;

    @Test
    void classesOfAnOldFormatAreBroughtIntoOneThatTheJvmVerifiesByStackMaps() throws Exception {
        Path jar = folder.resolve("picocli.jar");
        Files.copy(
                Path.of(CommandLine.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()),
                jar);
        assertThat(ClassFiles.isOld(jar)).isTrue();

        ClassFiles.modernise(folder);

        assertThat(ClassFiles.isOld(jar)).isFalse();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Object spec = loader.loadClass("picocli.CommandLine$Model$CommandSpec")
                    .getMethod("create")
                    .invoke(null);
            Object line = loader.loadClass("picocli.CommandLine")
                    .getConstructor(Object.class)
                    .newInstance(spec);
            assertThat(line.getClass().getMethod("getUsageMessage").invoke(line))
                    .asString()
                    .startsWith("Usage: <main class>");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(jar);
        }
    }
}
