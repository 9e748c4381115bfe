package org.pgark.postgres.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.Lsn;

/** Reads what a manifest says, strictly in the form that PostgreSQL expects, with its messages. */
final class ManifestParser implements JsonEvents {
    /*
     * The states and what is expected in each follow common/parse_manifest.c.
     */
    private enum State {
        START,
        TOP_LEVEL_FIELD,
        VERSION,
        SYSTEM_IDENTIFIER,
        FILES,
        NEXT_FILE,
        FILE_FIELD,
        FILE_VALUE,
        RANGES,
        NEXT_RANGE,
        RANGE_FIELD,
        RANGE_VALUE,
        CHECKSUM,
        TOP_LEVEL_END,
        END
    }

    private static final Pattern POSITION = Pattern.compile("\\s*([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8}).*");

    private final ManifestVisitor visitor;
    private final Map<String, String> fields = new HashMap<>();
    private State state = State.START;
    private boolean sawVersion;
    private String field = "";
    private Optional<String> checksum = Optional.empty();

    ManifestParser(ManifestVisitor visitor) {
        this.visitor = visitor;
    }

    void parse(InputStream in) throws IOException {
        new JsonReader(in, this).read();
        if (state != State.END) {
            throw ManifestException.unreadable("manifest ended unexpectedly");
        }
    }

    /** The manifest's own checksum as it stands in it. */
    Optional<String> checksum() {
        return checksum;
    }

    @Override
    public void beginObject() throws ManifestException {
        state = switch (state) {
            case START -> State.TOP_LEVEL_FIELD;
            case NEXT_FILE -> State.FILE_FIELD;
            case NEXT_RANGE -> State.RANGE_FIELD;
            default -> throw ManifestException.unreadable("unexpected object start");
        };
        fields.clear();
    }

    @Override
    public void endObject() throws ManifestException {
        switch (state) {
            case TOP_LEVEL_END -> state = State.END;
            case FILE_FIELD -> {
                finishFile();
                state = State.NEXT_FILE;
            }
            case RANGE_FIELD -> {
                finishRange();
                state = State.NEXT_RANGE;
            }
            default -> throw ManifestException.unreadable("unexpected object end");
        }
    }

    @Override
    public void beginArray() throws ManifestException {
        state = switch (state) {
            case FILES -> State.NEXT_FILE;
            case RANGES -> State.NEXT_RANGE;
            default -> throw ManifestException.unreadable("unexpected array start");
        };
    }

    @Override
    public void endArray() throws ManifestException {
        state = switch (state) {
            case NEXT_FILE, NEXT_RANGE -> State.TOP_LEVEL_FIELD;
            default -> throw ManifestException.unreadable("unexpected array end");
        };
    }

    @Override
    public void field(String name) throws ManifestException {
        field = name;
        state = switch (state) {
            case TOP_LEVEL_FIELD -> topLevelField(name);
            case FILE_FIELD ->
                switch (name) {
                    case "Path", "Encoded-Path", "Size", "Last-Modified", "Checksum-Algorithm", "Checksum" ->
                        State.FILE_VALUE;
                    default -> throw ManifestException.unreadable("unexpected file field");
                };
            case RANGE_FIELD ->
                switch (name) {
                    case "Timeline", "Start-LSN", "End-LSN" -> State.RANGE_VALUE;
                    default -> throw ManifestException.unreadable("unexpected WAL range field");
                };
            default -> throw ManifestException.unreadable("unexpected object field");
        };
    }

    private State topLevelField(String name) throws ManifestException {
        if (!sawVersion) {
            if (!name.equals("PostgreSQL-Backup-Manifest-Version")) {
                throw ManifestException.unreadable("expected version indicator");
            }
            sawVersion = true;
            return State.VERSION;
        }
        return switch (name) {
            case "System-Identifier" -> State.SYSTEM_IDENTIFIER;
            case "Files" -> State.FILES;
            case "WAL-Ranges" -> State.RANGES;
            case "Manifest-Checksum" -> State.CHECKSUM;
            default -> throw ManifestException.unreadable("unrecognized top-level field");
        };
    }

    @Override
    public void scalar(String text) throws ManifestException {
        switch (state) {
            case VERSION -> {
                int version = whole(text, "manifest version not an integer").intValue();
                if (version != 1 && version != 2) {
                    throw ManifestException.unreadable("unexpected manifest version");
                }
                visitor.version(version);
                state = State.TOP_LEVEL_FIELD;
            }
            case SYSTEM_IDENTIFIER -> {
                visitor.systemIdentifier(whole(text, "system identifier in manifest not an integer")
                        .longValue());
                state = State.TOP_LEVEL_FIELD;
            }
            case FILE_VALUE -> {
                fields.put(field, text);
                state = State.FILE_FIELD;
            }
            case RANGE_VALUE -> {
                fields.put(field, text);
                state = State.RANGE_FIELD;
            }
            case CHECKSUM -> {
                checksum = Optional.of(text);
                state = State.TOP_LEVEL_END;
            }
            default -> throw ManifestException.unreadable("unexpected scalar");
        }
    }

    private static BigInteger whole(String text, String otherwise) throws ManifestException {
        if (!text.matches("[+-]?[0-9]+")) {
            throw ManifestException.unreadable(otherwise);
        }
        return new BigInteger(text);
    }

    private Optional<String> given(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    private String required(String name, String otherwise) throws ManifestException {
        return given(name).orElseThrow(() -> ManifestException.unreadable(otherwise));
    }

    private void finishFile() throws ManifestException {
        Optional<String> path = given("Path");
        Optional<String> encoded = given("Encoded-Path");
        if (path.isEmpty() && encoded.isEmpty()) {
            throw ManifestException.unreadable("missing path name");
        }
        if (path.isPresent() && encoded.isPresent()) {
            throw ManifestException.unreadable("both path name and encoded path name");
        }
        String sizeText = required("Size", "missing size");
        if (given("Checksum-Algorithm").isEmpty() && given("Checksum").isPresent()) {
            throw ManifestException.unreadable("checksum without algorithm");
        }
        String name = encoded.isPresent() ? decoded(encoded.get()) : path.orElse("");
        long size = whole(sizeText, "file size is not an integer").longValue();
        ManifestChecksum algorithm = ManifestChecksum.NONE;
        if (given("Checksum-Algorithm").isPresent()) {
            String word = given("Checksum-Algorithm").get();
            algorithm = ManifestChecksum.of(word)
                    .orElseThrow(() -> new ManifestException("unrecognized checksum algorithm: \"" + word + "\""));
        }
        String digits = given("Checksum").orElse("");
        if (!digits.matches("([0-9A-Fa-f]{2})*")) {
            throw new ManifestException("invalid checksum for file \"" + name + "\": \"" + digits + "\"");
        }
        visitor.file(new ManifestFile(name, size, algorithm, HexFormat.of().parseHex(digits)));
    }

    private static String decoded(String digits) throws ManifestException {
        if (!digits.matches("([0-9A-Fa-f]{2})*")) {
            throw ManifestException.unreadable("could not decode file name");
        }
        return new String(HexFormat.of().parseHex(digits), StandardCharsets.UTF_8);
    }

    private void finishRange() throws ManifestException {
        String timeline = required("Timeline", "missing timeline");
        String start = required("Start-LSN", "missing start LSN");
        String end = required("End-LSN", "missing end LSN");
        int number = whole(timeline, "timeline is not an integer").intValue();
        visitor.walRange(new WalRange(
                number, position(start, "could not parse start LSN"), position(end, "could not parse end LSN")));
    }

    private static Lsn position(String text, String otherwise) throws ManifestException {
        Matcher matcher = POSITION.matcher(text);
        if (!matcher.matches()) {
            throw ManifestException.unreadable(otherwise);
        }
        return new Lsn(Long.parseLong(matcher.group(1), 16) << 32 | Long.parseLong(matcher.group(2), 16));
    }
}
