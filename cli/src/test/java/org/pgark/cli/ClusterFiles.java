package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The files of a cluster that its backups have as they are, as long as nothing is written to disk from the checkpoint at
 * the backup's start on.
 *
 * @param sums by path in the data directory: size and checksum
 */
record ClusterFiles(Map<String, String> sums) {
    private static final Set<String> OF_THE_SERVER = Set.of("pg_control", "pg_internal.init", "postmaster.pid");

    static ClusterFiles of(Path dataDirectory) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (String folder : new String[] {"base", "global", "pg_xact", "pg_multixact"}) {
            try (Stream<Path> files = Files.walk(dataDirectory.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!OF_THE_SERVER.contains(String.valueOf(file.getFileName()))) {
                        sums.put(dataDirectory.relativize(file).toString(), sum(file));
                    }
                }
            }
        }
        return new ClusterFiles(sums);
    }

    private static String sum(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        CRC32C sum = new CRC32C();
        sum.update(content);
        return content.length + " " + sum.getValue();
    }
}
