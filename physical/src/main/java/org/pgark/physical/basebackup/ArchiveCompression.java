package org.pgark.physical.basebackup;

import java.util.Locale;
import java.util.Optional;

/**
 * A compression as {@code --compress} describes it: an algorithm and details such as {@code 5} or {@code
 * level=5,workers=2}.
 *
 * @param algorithm by what
 * @param level on the algorithm's own scale; its default where nothing was said
 * @param workers for zstd, 0 if nothing was said
 * @param longDistance for zstd
 * @param error what is wrong with it, if anything, in PostgreSQL's words
 */
public record ArchiveCompression(
        Algorithm algorithm, int level, int workers, boolean longDistance, Optional<String> error) {
    /** Uncompressed. */
    public static final ArchiveCompression NONE = new ArchiveCompression(Algorithm.NONE, 0, 0, false, Optional.empty());

    /** The algorithms; the levels are those that PostgreSQL lets pass. */
    public enum Algorithm {
        NONE("", 0, 0, 0),
        GZIP(".gz", 1, 9, -1),
        LZ4(".lz4", 1, 12, 0),
        ZSTD(".zst", -131072, 22, 3);

        private final String suffix;
        private final int least;
        private final int most;
        private final int usual;

        Algorithm(String suffix, int least, int most, int usual) {
            this.suffix = suffix;
            this.least = least;
            this.most = most;
            this.usual = usual;
        }

        /** The name that {@code --compress} takes. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What follows a file's name. */
        public String suffix() {
            return suffix;
        }
    }

    /** Splits {@code METHOD[:DETAIL]}, or a bare number, into an algorithm's name and its details. */
    public record Words(String algorithm, Optional<String> detail) {
        /** Reads what stands behind {@code --compress=}, without {@code client-} or {@code server-}. */
        public static Words of(String text) {
            if (text.matches("\\s*[+-]?\\d{1,9}")) {
                return Integer.parseInt(text.strip()) == 0
                        ? new Words("none", Optional.empty())
                        : new Words("gzip", Optional.of(text));
            }
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Words(text, Optional.empty())
                    : new Words(text.substring(0, colon), Optional.of(text.substring(colon + 1)));
        }
    }

    /** Understands an algorithm and its details; empty if there is no such algorithm. */
    public static Optional<ArchiveCompression> of(Words words) {
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.text().equals(words.algorithm())) {
                return Optional.of(new Details(algorithm).read(words.detail()));
            }
        }
        return Optional.empty();
    }

    /** Reads the details one after another and stops at the first error. */
    private static final class Details {
        private final Algorithm algorithm;
        private int level;
        private int workers;
        private boolean workersGiven;
        private boolean longDistance;
        private String error = "";

        Details(Algorithm algorithm) {
            this.algorithm = algorithm;
            this.level = algorithm.usual;
        }

        ArchiveCompression read(Optional<String> detail) {
            if (detail.isPresent()) {
                if (detail.get().matches("\\s*[+-]?\\d{1,9}")) {
                    level = Integer.parseInt(detail.get().strip());
                } else {
                    readWords(detail.get());
                }
            }
            if (error.isEmpty()) {
                check();
            }
            return new ArchiveCompression(
                    algorithm, level, workers, longDistance, error.isEmpty() ? Optional.empty() : Optional.of(error));
        }

        private void readWords(String text) {
            for (String part : text.split(",", -1)) {
                int equals = part.indexOf('=');
                String keyword = equals < 0 ? part : part.substring(0, equals);
                Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(part.substring(equals + 1));
                if (keyword.isEmpty()) {
                    error = "found empty string where a compression option was expected";
                } else {
                    switch (keyword) {
                        case "level" -> level = integer(keyword, value);
                        case "workers" -> {
                            workers = integer(keyword, value);
                            workersGiven = true;
                        }
                        case "long" -> longDistance = truth(keyword, value);
                        default -> error = "unrecognized compression option: \"" + keyword + "\"";
                    }
                }
                if (!error.isEmpty()) {
                    return;
                }
            }
        }

        private int integer(String keyword, Optional<String> value) {
            if (value.isEmpty()) {
                error = "compression option \"" + keyword + "\" requires a value";
            } else if (value.get().matches("\\s*[+-]?\\d{1,9}")) {
                return Integer.parseInt(value.get().strip());
            } else {
                error = "value for compression option \"" + keyword + "\" must be an integer";
            }
            return 0;
        }

        private boolean truth(String keyword, Optional<String> value) {
            String text = value.orElse("on").toLowerCase(Locale.ROOT);
            return switch (text) {
                case "yes", "on", "1" -> true;
                case "no", "off", "0" -> false;
                default -> {
                    error = "value for compression option \"" + keyword + "\" must be a Boolean value";
                    yield false;
                }
            };
        }

        private void check() {
            if (level != algorithm.usual && (level < algorithm.least || level > algorithm.most)) {
                error = algorithm == Algorithm.NONE
                        ? "compression algorithm \"none\" does not accept a compression level"
                        : "compression algorithm \"" + algorithm.text() + "\" expects a compression level between "
                                + algorithm.least + " and " + algorithm.most + " (default at " + algorithm.usual + ")";
            } else if (workersGiven && algorithm != Algorithm.ZSTD) {
                error = "compression algorithm \"" + algorithm.text() + "\" does not accept a worker count";
            } else if (longDistance && algorithm != Algorithm.ZSTD) {
                error = "compression algorithm \"" + algorithm.text() + "\" does not support long-distance mode";
            }
        }
    }
}
