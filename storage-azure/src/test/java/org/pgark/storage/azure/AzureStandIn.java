package org.pgark.storage.azure;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * As much of Azure Blob Storage as creating, locking and deleting blobs takes, in this process, since azurite knows no
 * immutability. It keeps no bytes, checks no signatures, and remembers what requests said; a blob that is locked it does not
 * delete.
 */
final class AzureStandIn implements AutoCloseable {
    private static final String UNTIL = "x-ms-immutability-policy-until-date";

    private final HttpServer server;
    private final Map<String, Optional<String>> blobs = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What a request said: names of headers in lower case. */
    record Request(String method, String target, Map<String, String> headers) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        /** Which call it is. */
        String call() {
            int comp = target.indexOf("comp=");
            return method + (comp < 0 ? "" : " " + target.substring(comp + 5).replaceAll("&.*", ""));
        }
    }

    private AzureStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    static AzureStandIn start() throws IOException {
        return new AzureStandIn();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            Request request = new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers);
            requests.add(request);
            exchange.getResponseHeaders().add("ETag", "\"e\"");
            exchange.getResponseHeaders().add("Last-Modified", "Fri, 27 Nov 2026 10:00:00 GMT");
            String key = exchange.getRequestURI().getPath();
            switch (request.call()) {
                case "PUT", "PUT blocklist" -> {
                    blobs.put(key, request.header(UNTIL));
                    exchange.sendResponseHeaders(201, -1);
                }
                case "PUT block" -> exchange.sendResponseHeaders(201, -1);
                case "PUT immutabilityPolicies" -> {
                    blobs.put(key, request.header(UNTIL));
                    exchange.sendResponseHeaders(200, -1);
                }
                case "HEAD" -> describe(exchange, key);
                case "DELETE" -> delete(exchange, key);
                default -> exchange.sendResponseHeaders(400, -1);
            }
        }
    }

    private void describe(HttpExchange exchange, String key) throws IOException {
        Optional<String> until = blobs.get(key);
        if (until == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().add("x-ms-blob-type", "BlockBlob");
        exchange.getResponseHeaders().add("Content-Length", "0");
        until.ifPresent(end -> exchange.getResponseHeaders().add(UNTIL, end));
        exchange.sendResponseHeaders(200, -1);
    }

    private void delete(HttpExchange exchange, String key) throws IOException {
        Optional<String> until = blobs.getOrDefault(key, Optional.empty());
        if (until.filter(end -> time(end).isAfter(Instant.now())).isPresent()) {
            byte[] text =
                    ("<?xml version=\"1.0\"?><Error><Code>BlobImmutableDueToPolicy</Code><Message>This operation is"
                                    + " not permitted as the blob is immutable due to a policy.</Message></Error>")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("x-ms-error-code", "BlobImmutableDueToPolicy");
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.sendResponseHeaders(409, text.length);
            exchange.getResponseBody().write(text);
            return;
        }
        exchange.sendResponseHeaders(blobs.remove(key) == null ? 404 : 202, -1);
    }

    /** The end of a lock as a header says it. */
    static Instant time(String header) {
        return OffsetDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
