package org.pgark.postgres.wal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgark.embedded.Installation;
import org.pgark.postgres.Lsn;

/**
 * PostgreSQL's own {@code pg_waldump}, where the machine has one, and what it and the reader say of a record in the same
 * words. Further folders of programs than those of Debian can be named, by the system property {@code
 * pgark.postgresql.programs}, with colons between.
 */
final class WalDump {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (([0-9]+)[.0-9]*)");
    private static final Pattern RECORD = Pattern.compile(
            "rmgr: .* len \\(rec/tot\\): +[0-9]+/ *([0-9]+), tx: +([0-9]+), lsn: ([0-9A-F/]+), prev ([0-9A-F/]+), desc:.*");
    private static final Pattern BLOCK = Pattern.compile(
            "\\tblkref #[0-9]+: rel ([0-9/]+) fork (\\w+) blk ([0-9]+)( \\(FPW\\)| \\(FPW for WAL verification\\))?.*");
    private static final List<String> FORKS = List.of("main", "fsm", "vm", "init");

    private WalDump() {}

    /** Everything with a pg_waldump in it; at least one for each version of which there is one. */
    static List<Installation> installations() {
        String more = System.getProperty("pgark.postgresql.programs", "");
        Stream<Path> debian = IntStream.rangeClosed(13, 18)
                .mapToObj(major -> Path.of("/usr/lib/postgresql", Integer.toString(major), "bin"));
        return Stream.concat(
                        debian,
                        Stream.of(more.split(":"))
                                .filter(text -> !text.isEmpty())
                                .map(Path::of))
                .filter(bin -> Files.isExecutable(bin.resolve("pg_waldump")))
                .map(WalDump::installation)
                .toList();
    }

    private static Installation installation(Path bin) {
        try {
            List<String> output = new ArrayList<>();
            run(List.of(bin.resolve("pg_waldump").toString(), "--version"), output::add);
            Matcher version = VERSION.matcher(output.getFirst());
            if (!version.find()) {
                throw new IllegalStateException(output.getFirst());
            }
            return new Installation(Integer.parseInt(version.group(2)), version.group(1), bin);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the program says of each record from the folder's start up to where it stops. */
    static void dump(Installation installation, WalFolder wal, Consumer<String> records) throws IOException {
        StringBuilder record = new StringBuilder();
        run(
                List.of(
                        installation.program("pg_waldump").toString(),
                        "--bkp-details",
                        "--path=" + wal.path(),
                        "--start=" + wal.start(),
                        String.valueOf(wal.segments().getFirst().getFileName()),
                        String.valueOf(wal.segments().getLast().getFileName())),
                line -> {
                    Matcher block = BLOCK.matcher(line);
                    Matcher head = RECORD.matcher(line);
                    if (block.matches()) {
                        record.append(block(block));
                    } else if (head.matches()) {
                        flush(record, records);
                        record.append(head(head));
                    }
                });
        flush(record, records);
    }

    private static void flush(StringBuilder record, Consumer<String> records) {
        if (!record.isEmpty()) {
            records.accept(record.toString());
            record.setLength(0);
        }
    }

    private static String head(Matcher head) {
        return Lsn.parse(head.group(3)) + " after " + Lsn.parse(head.group(4)) + " xid " + head.group(2) + " length "
                + head.group(1);
    }

    private static String block(Matcher block) {
        return " " + block.group(1) + " fork " + FORKS.indexOf(block.group(2)) + " block " + block.group(3)
                + image(block.group(4));
    }

    private static String image(@Nullable String text) {
        return text == null ? "" : text.contains("verification") ? " image to verify" : " image";
    }

    /** The same words from the reader. */
    static String describe(WalRecord record) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s after %s xid %d length %d",
                record.start(),
                record.previous(),
                Integer.toUnsignedLong(record.transactionId()),
                record.length()));
        WalBlocks blocks = record.blocks();
        for (int at = 0; at < blocks.count(); at++) {
            text.append(String.format(
                    Locale.ROOT,
                    " %d/%d/%d fork %d block %d",
                    Integer.toUnsignedLong(blocks.tablespace(at)),
                    Integer.toUnsignedLong(blocks.database(at)),
                    Integer.toUnsignedLong(blocks.relation(at)),
                    blocks.fork(at),
                    Integer.toUnsignedLong(blocks.number(at))));
            text.append(blocks.isImageApplied(at) ? " image" : blocks.hasImage(at) ? " image to verify" : "");
        }
        return text.toString();
    }

    private static void run(List<String> command, Consumer<String> lines) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (Optional<String> line = next(output); line.isPresent(); line = next(output)) {
                lines.accept(line.get());
            }
        }
    }

    private static Optional<String> next(BufferedReader lines) throws IOException {
        return Optional.ofNullable(lines.readLine());
    }
}
