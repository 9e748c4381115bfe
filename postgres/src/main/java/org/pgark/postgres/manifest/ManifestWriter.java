package org.pgark.postgres.manifest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Writes a manifest of version 2. What is closed before {@link #commit} is removed. */
public final class ManifestWriter implements AutoCloseable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Path file;
    private final OutputStream out;
    private final ManifestChecksum.Computation seal = ManifestChecksum.SHA256.begin();
    private boolean first = true;
    private boolean committed;

    /**
     * Begins a manifest in a new file.
     *
     * @param systemIdentifier the cluster, to be read as unsigned
     */
    public ManifestWriter(Path file, long systemIdentifier) throws IOException {
        this.file = file;
        out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
        write("{ \"PostgreSQL-Backup-Manifest-Version\": 2,\n\"System-Identifier\": "
                + Long.toUnsignedString(systemIdentifier) + ",\n\"Files\": [");
    }

    /** Adds a file. */
    public void add(ManifestFile entry, Instant modified) throws IOException {
        StringBuilder line = new StringBuilder(first ? "\n" : ",\n");
        first = false;
        line.append("{ \"Path\": ");
        appendText(line, entry.path());
        line.append(", \"Size\": ").append(Long.toUnsignedString(entry.size()));
        line.append(", \"Last-Modified\": \"").append(TIME.format(modified)).append('"');
        if (entry.checksumBytes() > 0) {
            line.append(", \"Checksum-Algorithm\": \"").append(entry.algorithm().word());
            line.append("\", \"Checksum\": \"")
                    .append(HexFormat.of().formatHex(entry.checksum()))
                    .append('"');
        }
        write(line.append(" }").toString());
    }

    private static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default ->
                    out.append(
                            letter < ' '
                                    ? String.format(Locale.ROOT, "\\u%04x", (int) letter)
                                    : String.valueOf(letter));
            }
        }
        out.append('"');
    }

    /** Ends the manifest. */
    public void commit(List<WalRange> ranges) throws IOException {
        StringBuilder end = new StringBuilder("\n],\n\"WAL-Ranges\": [\n");
        String comma = "";
        for (WalRange range : ranges) {
            end.append(comma).append("{ \"Timeline\": ").append(Integer.toUnsignedString(range.timeline()));
            end.append(", \"Start-LSN\": \"").append(range.start());
            end.append("\", \"End-LSN\": \"").append(range.end()).append("\" }");
            comma = ",\n";
        }
        write(end.append("\n],\n").toString());
        String last = "\"Manifest-Checksum\": \"" + HexFormat.of().formatHex(seal.finish()) + "\"}\n";
        out.write(last.getBytes(StandardCharsets.UTF_8));
        out.close();
        committed = true;
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        seal.update(bytes, 0, bytes.length);
        out.write(bytes);
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            out.close();
            Files.deleteIfExists(file);
        }
    }
}
