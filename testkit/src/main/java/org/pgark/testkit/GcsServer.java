package org.pgark.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Google Cloud Storage as far as a store needs it: objects in memory behind the service's JSON interface. Creation in one
 * request or resumable, preconditions on generations, checksums, ranges, listing by pages and with a delimiter, deletion.
 * It gives access tokens for a service account's signed assertion, whose signature it does not check, refuses requests
 * without one, and lets an account do what its permissions say. It holds everybody to the retention of objects, and keeps generations where it is told to. It knows no holds, composition, copies
 * or batches. Its clock can be put forward.
 */
public final class GcsServer implements AutoCloseable {
    private static final String ACCOUNT = "pgark@p.iam.gserviceaccount.com";
    private static final String OBJECTS = "/storage/v1/b/";
    private static final String UPLOADS = "/upload/storage/v1/b/";
    private static final String SESSIONS = "/session/";

    private static final String ACCOUNTS = "/v1/projects/-/serviceAccounts/";

    private final HttpServer server;
    private final Map<String, GcsBucket> buckets = new LinkedHashMap<>();
    private final GcsSessions sessions = new GcsSessions();
    private final GcsAccess access = new GcsAccess();
    private final Set<String> impersonated = ConcurrentHashMap.newKeySet();
    private volatile Duration ahead = Duration.ZERO;

    private GcsServer(HttpServer server) {
        this.server = server;
    }

    /** Starts a service that has these buckets. */
    public static GcsServer start(String... buckets) throws IOException {
        return start(0, buckets);
    }

    /** Starts a service on a port of 127.0.0.1. */
    public static GcsServer start(int port, String... buckets) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        GcsServer server = new GcsServer(http);
        Arrays.stream(buckets).forEach(name -> server.buckets.put(name, new GcsBucket(name, server::now)));
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    /** Its address. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Lets an account do this and no more; one that is not named may do everything. */
    public void allow(String account, GcsPermissions permissions) {
        access.allow(account, permissions);
    }

    /** The permissions that an account has used. */
    public Set<String> used(String account) {
        return access.used(account);
    }

    /** Writes the credentials of a service account whose tokens come from this server. */
    public void writeCredentials(Path file) throws IOException {
        writeCredentials(file, ACCOUNT);
    }

    /** Likewise, of an account by its address. */
    public void writeCredentials(Path file, String account) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            String key = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
            Files.writeString(file, """
                {"type": "service_account", "project_id": "p", "private_key_id": "1", "client_id": "2",
                 "client_email": "%s", "token_uri": "%s/token",
                 "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"}
                """.formatted(account, endpoint(), key));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            GcsReply reply;
            try {
                reply = reply(exchange, body);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                reply = GcsReply.error(500, "the test's server failed: " + e);
            }
            reply.send(exchange);
        }
    }

    private GcsReply reply(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getRawPath();
        if (path.equals("/token")) {
            return GcsAccess.issuer(new String(body, StandardCharsets.UTF_8))
                    .map(account -> GcsReply.json("{\"access_token\": \"" + GcsAccess.tokenOf(account)
                            + "\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"))
                    .orElseGet(() -> GcsReply.error(400, "no assertion"));
        }
        if (path.startsWith(ACCOUNTS) && path.endsWith(":generateAccessToken")) {
            String account = decode(path.substring(ACCOUNTS.length(), path.indexOf(":generate")));
            impersonated.add(account);
            return GcsReply.json("{\"accessToken\": \"" + GcsAccess.tokenOf(account)
                    + "\", \"expireTime\": \"2999-01-01T00:00:00Z\"}");
        }
        Optional<String> account = GcsAccess.account(
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse(""));
        if (account.isEmpty()) {
            return GcsReply.error(401, "Anonymous caller does not have storage.objects access.");
        }
        if (path.startsWith(SESSIONS)) {
            return sessions.take(exchange, path.substring(SESSIONS.length()), body);
        }
        boolean upload = path.startsWith(UPLOADS);
        String[] parts = path.substring((upload ? UPLOADS : OBJECTS).length()).split("/", -1);
        GcsBucket bucket = buckets.get(decode(parts[0]));
        if (bucket == null) {
            return GcsReply.error(404, "The specified bucket does not exist.");
        }
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        return upload
                ? create(exchange, account.get(), bucket, query, body)
                : parts.length == 2
                        ? access.refusalOfListing(account.get(), bucket.name()).orElseGet(() -> bucket.list(query))
                        : object(exchange, account.get(), bucket, decode(parts[2]), query, body);
    }

    private GcsReply create(
            HttpExchange exchange, String account, GcsBucket bucket, Map<String, String> query, byte[] body) {
        boolean resumable = "resumable".equals(query.get("uploadType"));
        String description =
                resumable ? new String(body, StandardCharsets.UTF_8) : GcsBucket.description(exchange, body);
        return access.refusalOfCreation(account, bucket, description)
                .orElseGet(() -> resumable
                        ? sessions.begin(address(exchange) + SESSIONS, bucket, query, body)
                        : bucket.putMultipart(exchange, query, body));
    }

    private GcsReply object(
            HttpExchange exchange,
            String account,
            GcsBucket bucket,
            String key,
            Map<String, String> query,
            byte[] body) {
        return access.refusalOfRequest(
                        account, bucket, key, exchange.getRequestMethod(), new String(body, StandardCharsets.UTF_8))
                .orElseGet(() -> bucket.object(exchange, key, query, body));
    }

    /** The address that the client used: there may be somebody between. */
    private static String address(HttpExchange exchange) {
        return "http://" + exchange.getRequestHeaders().getFirst("Host");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (raw != null) {
            for (String field : raw.split("&", -1)) {
                int equals = field.indexOf('=');
                fields.put(decode(field.substring(0, equals)), decode(field.substring(equals + 1)));
            }
        }
        return fields;
    }

    /** From now on a bucket keeps what objects were before they were replaced or deleted. */
    public void keepVersions(String bucket) {
        java.util.Objects.requireNonNull(buckets.get(bucket), bucket).keepVersions();
    }

    /** Puts the service's clock forward. */
    public void advance(Duration time) {
        ahead = ahead.plus(time);
    }

    /** Makes everything older: what was made and retained was made and retained so much earlier. */
    public void age(Duration time) {
        buckets.values().forEach(bucket -> bucket.age(time));
    }

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    /** The accounts that tokens were asked for by others. */
    public Set<String> impersonated() {
        return Set.copyOf(impersonated);
    }

    /** What was said of an object when it was made, as JSON; empty if there is none. */
    public String description(String bucket, String key) {
        GcsBucket found = buckets.get(bucket);
        return found == null ? "" : found.description(key);
    }

    /** What the request that made an object said in its address; empty if there is none. */
    public Map<String, String> query(String bucket, String key) {
        GcsBucket found = buckets.get(bucket);
        return found == null ? Map.of() : found.query(key);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
