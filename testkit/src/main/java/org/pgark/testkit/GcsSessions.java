package org.pgark.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The resumable uploads of {@link GcsServer}: it keeps whole multiples of 256 KiB of what does not end an upload. */
final class GcsSessions {
    private static final int UNIT = 256 << 10;
    private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

    private final ConcurrentMap<String, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();

    private static final class Session {
        private final GcsBucket bucket;
        private final Map<String, String> query;
        private final String description;
        private final GcsContent kept = new GcsContent();

        Session(GcsBucket bucket, Map<String, String> query, String description) {
            this.bucket = bucket;
            this.query = query;
            this.description = description;
        }
    }

    GcsReply begin(String base, GcsBucket bucket, Map<String, String> query, byte[] body) {
        String description = new String(body, StandardCharsets.UTF_8);
        if (bucket.isTaken(GcsBucket.nameIn(description), query)) {
            return GcsBucket.conflict();
        }
        String id = Integer.toString(numbers.incrementAndGet());
        sessions.put(id, new Session(bucket, query, description));
        return GcsReply.empty(200, Map.of("Location", base + id));
    }

    GcsReply take(HttpExchange exchange, String id, byte[] body) {
        Session session = sessions.get(id);
        if (session == null) {
            return GcsReply.error(404, "no such upload");
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            sessions.remove(id);
            return GcsReply.empty(499, Map.of());
        }
        Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Content-Range"));
        if (!range.matches()) {
            return GcsReply.error(400, "malformed Content-Range");
        }
        synchronized (session) {
            String hash = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Goog-Hash"))
                    .orElse("");
            return take(session, id, range, body, hash);
        }
    }

    private GcsReply take(Session session, String id, Matcher range, byte[] body, String hash) {
        if (range.group(1) != null && Long.parseLong(range.group(1)) != session.kept.size()) {
            return GcsReply.error(400, "bytes that do not follow those before");
        }
        boolean last = !range.group(3).equals("*");
        session.kept.append(body, last ? body.length : body.length / UNIT * UNIT);
        if (last && session.kept.size() == Long.parseLong(range.group(3))) {
            sessions.remove(id);
            if (!hash.isEmpty() && !hash.equals("crc32c=" + session.kept.checksum())) {
                return GcsReply.error(400, "Provided CRC32C does not match");
            }
            return session.bucket.create(session.description, session.query, session.kept);
        }
        return GcsReply.empty(
                308, session.kept.size() == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (session.kept.size() - 1)));
    }
}
