package org.pgark.cli.dump;

import java.util.Locale;
import java.util.OptionalInt;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.logical.archive.Compression;
import org.pgark.logical.archive.CompressionMethod;

/** Reads {@code -Z METHOD[:DETAIL]}, or a bare level (compression.c). */
final class CompressionText {
    private final String text;
    private OptionalInt level = OptionalInt.empty();
    private boolean workers;
    private boolean longGiven;
    private boolean longDistance;

    private CompressionText(String text) {
        this.text = text;
    }

    static Compression parse(String text, ProgramLog log) throws ProgramException {
        CompressionText parsed = new CompressionText(text);
        Compression compression = parsed.read();
        if (parsed.workers) {
            log.warning("compression option \"workers\" is not currently supported by pg_dump");
        }
        return compression;
    }

    private Compression read() throws ProgramException {
        if (text.matches("[+-]?[0-9]+")) {
            return Integer.parseInt(text) == 0 ? Compression.NONE : check(CompressionMethod.GZIP, text);
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        for (CompressionMethod method : CompressionMethod.values()) {
            if (method.label().equals(name)) {
                return colon < 0 ? check(method, "") : details(method, text.substring(colon + 1));
            }
        }
        throw new ProgramException("unrecognized compression algorithm: \"" + name + "\"");
    }

    private Compression details(CompressionMethod method, String details) throws ProgramException {
        if (details.matches("[+-]?[0-9]+")) {
            return check(method, details);
        }
        for (String entry : details.split(",", -1)) {
            int equals = entry.indexOf('=');
            String keyword = equals < 0 ? entry : entry.substring(0, equals);
            String value = equals < 0 ? "" : entry.substring(equals + 1);
            switch (keyword) {
                case "" -> throw invalid("found empty string where a compression option was expected");
                case "level" -> level = OptionalInt.of(integer(keyword, value, equals >= 0));
                case "workers" -> {
                    integer(keyword, value, equals >= 0);
                    workers = true;
                }
                case "long" -> {
                    longGiven = true;
                    longDistance = equals < 0 || truth(keyword, value);
                }
                default -> throw invalid("unrecognized compression option: \"" + keyword + "\"");
            }
        }
        return check(method, "");
    }

    private static int integer(String keyword, String value, boolean given) throws ProgramException {
        if (!given) {
            throw invalid("compression option \"" + keyword + "\" requires a value");
        }
        if (!value.matches("[+-]?[0-9]{1,9}")) {
            throw invalid("value for compression option \"" + keyword + "\" must be an integer");
        }
        return Integer.parseInt(value);
    }

    private static boolean truth(String keyword, String value) throws ProgramException {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "yes", "on", "1" -> true;
            case "no", "off", "0" -> false;
            default -> throw invalid("value for compression option \"" + keyword + "\" must be a Boolean value");
        };
    }

    private Compression check(CompressionMethod method, String bareLevel) throws ProgramException {
        if (!bareLevel.isEmpty()) {
            level = OptionalInt.of(integer("level", bareLevel, true));
        }
        int least = method == CompressionMethod.ZSTD ? -131072 : 1;
        int most = switch (method) {
            case NONE -> 0;
            case GZIP -> 9;
            case LZ4 -> 12;
            case ZSTD -> 22;
        };
        int usual = switch (method) {
            case GZIP -> -1;
            case ZSTD -> 3;
            case LZ4, NONE -> 0;
        };
        int chosen = level.orElse(usual);
        if (method == CompressionMethod.NONE) {
            if (chosen != 0) {
                throw invalid("compression algorithm \"none\" does not accept a compression level");
            }
        } else if ((chosen < least || chosen > most) && chosen != usual) {
            throw invalid("compression algorithm \"" + method.label() + "\" expects a compression level between "
                    + least + " and " + most + " (default at " + usual + ")");
        }
        if (workers && method != CompressionMethod.ZSTD) {
            throw invalid("compression algorithm \"" + method.label() + "\" does not accept a worker count");
        }
        if (longGiven && method != CompressionMethod.ZSTD) {
            throw invalid("compression algorithm \"" + method.label() + "\" does not support long-distance mode");
        }
        return new Compression(method, chosen == usual ? OptionalInt.empty() : OptionalInt.of(chosen), longDistance);
    }

    private static ProgramException invalid(String why) {
        return new ProgramException("invalid compression specification: " + why);
    }
}
