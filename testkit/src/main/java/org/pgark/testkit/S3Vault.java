package org.pgark.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket of S3 in this process that keeps versions, holds everybody to object locks, and lets each access key do what its
 * policy allows, which no emulator at hand does. It knows which actions a key has used. It checks no signatures, and of S3 it
 * has what a store needs: whole and multipart objects, conditional creation, reads of ranges and versions, both listings by
 * pages, deletion with marks and of versions, and retention.
 */
public final class S3Vault implements AutoCloseable {
    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/]+)/");

    private final HttpServer server;
    private final String bucket;
    private final S3VaultBucket contents;
    private final Map<String, S3Policy> policies = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> used = new ConcurrentHashMap<>();

    private S3Vault(HttpServer server, String bucket) {
        this.server = server;
        this.bucket = bucket;
        this.contents = new S3VaultBucket();
    }

    /** Starts a service that has one bucket. */
    public static S3Vault start(String bucket) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        S3Vault vault = new S3Vault(http, bucket);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", vault::handle);
        http.start();
        return vault;
    }

    /** Its address. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Lets an access key do this and no more; one that is not named may do everything. */
    public void allow(String accessKey, S3Policy policy) {
        policies.put(accessKey, policy);
    }

    /** The actions that an access key has used. */
    public Set<String> used(String accessKey) {
        return new TreeSet<>(used.getOrDefault(accessKey, Set.of()));
    }

    /** Makes everything older: what was made and locked was made and locked so much earlier. */
    public void age(Duration time) {
        contents.age(time);
    }

    /** From now on listings show what there was so long ago; all else sees what there is. */
    public void listingsLag(Duration time) {
        contents.lag(time);
    }

    /** How many versions there are of the keys with a prefix; marks do not count. */
    public long versions(String prefix) {
        return contents.versions(prefix);
    }

    /** One request, and what is asked of policies for it. */
    final class Call {
        final HttpExchange exchange;
        final String accessKey;
        final String key;
        final Map<String, String> query;
        final byte[] body;

        Call(HttpExchange exchange, String key, byte[] body) {
            this.exchange = exchange;
            this.key = key;
            this.query = query(exchange.getRequestURI().getRawQuery());
            this.body = body;
            Matcher credential = CREDENTIAL.matcher(header("authorization"));
            this.accessKey = credential.find() ? credential.group(1) : "";
        }

        /** The same request about an object that its body names. */
        Call on(String named) {
            return new Call(exchange, named, new byte[0]);
        }

        String method() {
            return exchange.getRequestMethod();
        }

        String header(String name) {
            String value = exchange.getRequestHeaders().getFirst(name);
            return value == null ? "" : value;
        }

        /** Whether the key may, on the object or, without one, on the bucket. */
        boolean may(String action) {
            return may(action, "arn:aws:s3:::" + bucket + (key.isEmpty() ? "" : "/" + key));
        }

        /** As the service has it: who may not list is not told that something is absent. */
        boolean mayKnowAbsence() {
            return may("s3:ListBucket", "arn:aws:s3:::" + bucket);
        }

        private boolean may(String action, String resource) {
            if (!policies.getOrDefault(accessKey, S3Policy.EVERYTHING).allows(action, resource)) {
                return false;
            }
            used.computeIfAbsent(accessKey, _ -> new ConcurrentSkipListSet<>()).add(action);
            return true;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/", 2);
            S3Reply reply;
            try {
                reply = path[0].equals(bucket)
                        ? contents.reply(new Call(exchange, path.length == 1 ? "" : decode(path[1]), body))
                        : S3Reply.error(404, "NoSuchBucket");
            } catch (RuntimeException e) {
                reply = S3Reply.error(400, "InvalidRequest");
                reply.headers().put("x-failure", String.valueOf(e));
            }
            reply.send(exchange);
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (raw != null) {
            for (String field : raw.split("&", -1)) {
                int equals = field.indexOf('=');
                String name = equals < 0 ? field : field.substring(0, equals);
                fields.put(
                        decode(name).toLowerCase(Locale.ROOT), equals < 0 ? "" : decode(field.substring(equals + 1)));
            }
        }
        return fields;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
