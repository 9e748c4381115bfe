package org.pgark.postgres.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The SHA-256 in a manifest's last line, over all lines before it. */
final class ManifestSeal {
    private static final int BUFFER_BYTES = 1 << 16;

    private ManifestSeal() {}

    static void check(Path file, Optional<String> checksum) throws IOException {
        long covered = coveredBytes(file);
        byte[] actual = hash(file, covered);
        if (checksum.isEmpty()) {
            throw new ManifestException("manifest has no checksum");
        }
        String text = checksum.get();
        if (!text.matches("[0-9A-Fa-f]{64}")) {
            throw new ManifestException("invalid manifest checksum: \"" + text + "\"");
        }
        if (!Arrays.equals(actual, HexFormat.of().parseHex(text))) {
            throw new ManifestException("manifest checksum mismatch");
        }
    }

    private static long coveredBytes(Path file) throws IOException {
        long size = 0;
        long lines = 0;
        long last = 0;
        long lastButOne = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n') {
                        lines++;
                        lastButOne = last;
                        last = size + i;
                    }
                }
                size += read;
            }
        }
        if (lines < 2) {
            throw ManifestException.unreadable("expected at least 2 lines");
        }
        if (last != size - 1) {
            throw ManifestException.unreadable("last line not newline-terminated");
        }
        return lastButOne + 1;
    }

    private static byte[] hash(Path file, long length) throws IOException {
        ManifestChecksum.Computation hash = ManifestChecksum.SHA256.begin();
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = length;
        try (InputStream in = Files.newInputStream(file)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read <= 0) {
                    break;
                }
                hash.update(buffer, 0, read);
                left -= read;
            }
        }
        return hash.finish();
    }
}
