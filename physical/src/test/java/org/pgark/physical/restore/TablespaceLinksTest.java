package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablespaceLinksTest {
    @TempDir
    private Path folder;

    @Test
    void pathsThatAreNotUnicodeStayAsTheyAre() throws Exception {
        Path moved = folder.resolve("moved");
        Path map = folder.resolve("tablespace_map");
        Files.write(map, "16384 /disk/caf\u00e9\n16385 /old\n".getBytes(StandardCharsets.ISO_8859_1));

        TablespaceLinks.settle(new Destination(folder, Map.of(16385L, moved), "PG_15_202209061", Map.of()));

        assertThat(Files.readAllBytes(map))
                .isEqualTo(("16384 /disk/caf\u00e9\n16385 " + moved + "\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Files.readSymbolicLink(folder.resolve("pg_tblspc/16385"))).isEqualTo(moved);
        assertThat(Files.getPosixFilePermissions(AtomicFile.write(map, new byte[0])))
                .containsExactlyInAnyOrderElementsOf(Ownership.permissions(0600));
    }
}
