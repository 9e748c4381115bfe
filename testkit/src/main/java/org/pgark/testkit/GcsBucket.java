package org.pgark.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The objects of one bucket of {@link GcsServer}. */
final class GcsBucket {
    private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern CHECKSUM = Pattern.compile("\"crc32c\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern RETAINED = Pattern.compile("\"retainUntilTime\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern RETENTION = Pattern.compile(",\\s*\"retention\"\\s*:\\s*\\{[^}]*\\}");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String name;
    private final Supplier<Instant> now;
    private final ConcurrentSkipListMap<String, GcsObject> objects = new ConcurrentSkipListMap<>();
    private final GcsGenerations past = new GcsGenerations();

    record GcsObject(
            String description, Map<String, String> query, GcsContent content, long generation, Instant created) {
        Instant retainedUntil() {
            String until = field(RETAINED, description);
            return until.isEmpty() ? Instant.MIN : Instant.parse(until);
        }

        boolean isLocked(Instant now) {
            return retainedUntil().isAfter(now);
        }
    }

    GcsBucket(String name, Supplier<Instant> now) {
        this.name = name;
        this.now = now;
    }

    static String field(Pattern pattern, String json) {
        Matcher matcher = pattern.matcher(json);
        return matcher.find() ? matcher.group(1) : "";
    }

    static String nameIn(String json) {
        return field(NAME, json);
    }

    String name() {
        return name;
    }

    /** What conditions on permissions call an object. */
    String resource(String key) {
        return "projects/_/buckets/" + name + "/objects/" + key;
    }

    /** Makes objects older, and the end of their retention earlier. */
    void age(Duration time) {
        objects.replaceAll((key, object) -> {
            String retained = field(RETAINED, object.description());
            String described = retained.isEmpty()
                    ? object.description()
                    : object.description()
                            .replace(
                                    retained,
                                    Instant.parse(retained).minus(time).toString());
            return new GcsObject(
                    described,
                    object.query(),
                    object.content(),
                    object.generation(),
                    object.created().minus(time));
        });
    }

    boolean has(String key) {
        return objects.containsKey(key);
    }

    boolean isTaken(String key, Map<String, String> query) {
        return "0".equals(query.get("ifGenerationMatch")) && objects.containsKey(key);
    }

    GcsReply create(String description, Map<String, String> query, GcsContent content) {
        String key = nameIn(description);
        String said = field(CHECKSUM, description);
        if (!said.isEmpty() && !said.equals(content.checksum())) {
            return GcsReply.error(400, "Provided CRC32C does not match");
        }
        GcsObject created = new GcsObject(description, query, content, past.next(), now.get());
        if ("0".equals(query.get("ifGenerationMatch"))) {
            return objects.putIfAbsent(key, created) == null ? GcsReply.json(json(key, created)) : conflict();
        }
        GcsObject before = objects.put(key, created);
        if (before != null) {
            past.add(key, before, now.get());
        }
        return GcsReply.json(json(key, created));
    }

    static GcsReply conflict() {
        return GcsReply.error(412, "At least one of the pre-conditions you specified did not hold.");
    }

    /** The description of the object that a body of two parts begins with. */
    static String description(HttpExchange exchange, byte[] body) {
        int json = find(body, BLANK_LINE, 0) + BLANK_LINE.length;
        return new String(body, json, find(body, boundary(exchange), json) - json, StandardCharsets.UTF_8);
    }

    private static byte[] boundary(HttpExchange exchange) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        return ("\r\n--" + type.substring(type.indexOf("boundary=") + "boundary=".length()))
                .getBytes(StandardCharsets.US_ASCII);
    }

    GcsReply putMultipart(HttpExchange exchange, Map<String, String> query, byte[] body) {
        byte[] next = boundary(exchange);
        int jsonEnd = find(body, next, find(body, BLANK_LINE, 0) + BLANK_LINE.length);
        int content = find(body, BLANK_LINE, jsonEnd) + BLANK_LINE.length;
        int end = body.length - next.length - "--".length() - (body[body.length - 1] == '\n' ? 2 : 0);
        return create(description(exchange, body), query, GcsContent.of(Arrays.copyOfRange(body, content, end)));
    }

    private static int find(byte[] in, byte[] what, int from) {
        for (int at = from; at + what.length <= in.length; at++) {
            if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("malformed multipart body");
    }

    private static String json(String key, GcsObject object) {
        String inner = object.description().strip();
        return inner.substring(0, inner.length() - 1).replaceAll("\"crc32c\"\\s*:\\s*\"[^\"]*\"", "\"sent\": true")
                + ", \"id\": \"" + key + "\", \"size\": \"" + object.content().size() + "\", \"crc32c\": \""
                + object.content().checksum() + "\", \"generation\": \"" + object.generation() + "\"}";
    }

    /** Retention may only be made longer, by whoever asks. */
    private GcsReply patch(String key, GcsObject object, String change) {
        String until = field(RETAINED, change);
        if (until.isEmpty() || Instant.parse(until).isBefore(object.retainedUntil())) {
            return GcsReply.error(403, "The retention of an object cannot be shortened.");
        }
        String bare = RETENTION.matcher(object.description()).replaceFirst("");
        String described = bare.strip();
        GcsObject changed = new GcsObject(
                described.substring(0, described.length() - 1) + ", "
                        + change.strip().substring(1),
                object.query(),
                object.content(),
                object.generation(),
                object.created());
        objects.put(key, changed);
        return GcsReply.json(json(key, changed));
    }

    GcsReply object(HttpExchange exchange, String key, Map<String, String> query, byte[] body) {
        GcsObject current = objects.get(key);
        GcsObject object = past.choose(key, query.getOrDefault("generation", ""), current);
        if (object == null) {
            return GcsReply.error(404, "No such object: " + name + "/" + key);
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            if (object.isLocked(now.get())) {
                return GcsReply.error(
                        403,
                        "Object '" + name + "/" + key + "' is subject to its retention, and cannot be"
                                + " deleted, overwritten or archived until " + object.retainedUntil());
            }
            objects.remove(key);
            past.add(key, object, now.get());
            return GcsReply.empty(204, Map.of());
        }
        if (exchange.getRequestMethod().equals("PATCH")) {
            return patch(key, object, new String(body, StandardCharsets.UTF_8));
        }
        return "media".equals(query.get("alt"))
                ? media(object.content(), exchange.getRequestHeaders().getFirst("Range"))
                : GcsReply.json(json(key, object));
    }

    private static GcsReply media(GcsContent content, @Nullable String range) {
        Matcher matcher = RANGE.matcher(range == null ? "" : range);
        if (!matcher.matches()) {
            return new GcsReply(200, Map.of(), content.bytes(0, content.size()));
        }
        long from = Long.parseLong(matcher.group(1));
        long to = matcher.group(2).isEmpty()
                ? content.size()
                : Math.min(content.size(), Long.parseLong(matcher.group(2)) + 1);
        if (from >= content.size()) {
            return GcsReply.error(416, "The requested range cannot be satisfied.");
        }
        return new GcsReply(
                206,
                Map.of("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.size()),
                content.bytes(from, to));
    }

    GcsReply list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String delimiter = query.getOrDefault("delimiter", "");
        int most = Integer.parseInt(query.getOrDefault("maxResults", "1000"));
        String from = query.getOrDefault("pageToken", "");
        if ("true".equals(query.get("versions"))) {
            return past.list(objects, prefix, most, from);
        }
        Map<String, Long> items = new LinkedHashMap<>();
        TreeSet<String> folders = new TreeSet<>();
        String next = "";
        for (Map.Entry<String, GcsObject> entry : objects.tailMap(prefix, true).entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(prefix)) {
                break;
            }
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            String shown = end < 0 ? key : key.substring(0, end + delimiter.length());
            if (shown.compareTo(from) <= 0 || folders.contains(shown)) {
                continue;
            }
            if (items.size() + folders.size() == most) {
                break;
            }
            next = shown;
            if (end < 0) {
                items.put(key, entry.getValue().content().size());
            } else {
                folders.add(shown);
            }
        }
        return GcsReply.json(page(items, folders, items.size() + folders.size() == most ? next : ""));
    }

    private static String page(Map<String, Long> items, Set<String> folders, String next) {
        String listed = items.entrySet().stream()
                .map(item -> "{\"name\": \"" + item.getKey() + "\", \"size\": \"" + item.getValue() + "\"}")
                .collect(Collectors.joining(", "));
        String prefixes = folders.stream().map(folder -> "\"" + folder + "\"").collect(Collectors.joining(", "));
        return "{\"kind\": \"storage#objects\""
                + (listed.isEmpty() ? "" : ", \"items\": [" + listed + "]")
                + (prefixes.isEmpty() ? "" : ", \"prefixes\": [" + prefixes + "]")
                + (next.isEmpty() ? "" : ", \"nextPageToken\": \"" + next + "\"") + "}";
    }

    void keepVersions() {
        past.keep();
    }

    Map<String, String> query(String key) {
        GcsObject object = objects.get(key);
        return object == null ? Map.of() : object.query();
    }

    String description(String key) {
        GcsObject object = objects.get(key);
        return object == null ? "" : object.description();
    }
}
