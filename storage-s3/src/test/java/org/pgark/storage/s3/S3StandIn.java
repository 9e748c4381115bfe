package org.pgark.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * As much of S3 as whole and multipart objects take, in this process, of STS as assuming roles takes, and of a container's
 * metadata. It checks nothing and remembers what requests said. Requests may come as to a proxy.
 */
final class S3StandIn implements AutoCloseable {
    private static final String CONTAINER = """
        {"AccessKeyId": "AKIACONTAINER", "SecretAccessKey": "s", "Token": "of-the-container",
         "Expiration": "2999-01-01T00:00:00Z"}
        """;

    private final HttpServer server;
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, byte[]> parts = new ConcurrentHashMap<>();
    private final Map<String, String> uploaders = new ConcurrentHashMap<>();
    private final Map<String, String> writers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Duration roleLasts = Duration.ofDays(1);
    private volatile Optional<String> quota = Optional.empty();

    /** What a request said: names of headers in lower case. */
    record Request(String method, String target, Map<String, String> headers, String body) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        /** Which call of S3 it is. */
        String call() {
            String query = Optional.ofNullable(URI.create(target).getRawQuery()).orElse("");
            return method
                    + (query.contains("uploads") ? " uploads" : "")
                    + (query.contains("partNumber") ? " part" : "")
                    + (query.startsWith("uploadId") && method.equals("POST") ? " complete" : "");
        }
    }

    private S3StandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    static S3StandIn start() throws IOException {
        return new S3StandIn();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Credentials of a role are good for so long from now on; the first token is {@code of-the-role}, the next {@code of-the-role-2}. */
    void roleLasts(Duration time) {
        roleLasts = time;
    }

    /** From now on nothing is stored any more, for which this is the reason. */
    void full(String code) {
        quota = Optional.of(code);
    }

    private String token() {
        long assumed = requests.stream()
                .filter(request -> request.call().equals("POST"))
                .count();
        return assumed == 1 ? "of-the-role" : "of-the-role-" + assumed;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    body.length < 4096 ? new String(body, StandardCharsets.UTF_8) : "");
            requests.add(request);
            String key = exchange.getRequestURI().getPath();
            request.header("x-amz-meta-pgark-writer")
                    .ifPresent(writer -> (request.method().equals("PUT") ? writers : uploaders).put(key, writer));
            if (quota.isPresent() && request.method().equals("PUT")) {
                send(exchange, 403, "<Error><Code>" + quota.get() + "</Code><Message>No more.</Message></Error>");
                return;
            }
            switch (request.call()) {
                case "PUT" -> {
                    objects.put(key, body);
                    exchange.getResponseHeaders().add("ETag", "\"e\"");
                    send(exchange, 200, "");
                }
                case "POST uploads" -> {
                    parts.put(key, new byte[0]);
                    send(
                            exchange,
                            200,
                            "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
                }
                case "PUT part" -> {
                    parts.merge(key, body, S3StandIn::joined);
                    exchange.getResponseHeaders().add("ETag", "\"e\"");
                    send(exchange, 200, "");
                }
                case "POST complete" -> {
                    objects.put(key, parts.get(key));
                    Optional.ofNullable(uploaders.get(key)).ifPresent(writer -> writers.put(key, writer));
                    send(
                            exchange,
                            200,
                            "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
                }
                // As services do that keep no list of them.
                case "GET uploads" -> send(exchange, 501, "<Error><Code>NotImplemented</Code></Error>");
                case "POST" ->
                    send(exchange, 200, """
                    <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIAROLE</AccessKeyId>\
                    <SecretAccessKey>s</SecretAccessKey><SessionToken>%s</SessionToken>\
                    <Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>\
                    """.formatted(token(), Instant.now().plus(roleLasts)));
                case "GET" -> {
                    if (key.equals("/credentials")) {
                        send(exchange, 200, CONTAINER);
                    } else {
                        fetch(exchange, key);
                    }
                }
                default -> fetch(exchange, key);
            }
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private void fetch(HttpExchange exchange, String key) throws IOException {
        byte[] content = objects.get(key);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            Optional.ofNullable(writers.get(key))
                    .ifPresent(writer -> exchange.getResponseHeaders().add("x-amz-meta-pgark-writer", writer));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(206, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public String toString() {
        return requests.stream().map(Request::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
