package org.pgark.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer of {@link S3Vault}.
 *
 * @param status of HTTP
 * @param headers besides its length
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record S3Reply(int status, Map<String, String> headers, byte[] body) {
    static S3Reply xml(String text) {
        return new S3Reply(
                200,
                new TreeMap<>(Map.of("Content-Type", "application/xml")),
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text).getBytes(StandardCharsets.UTF_8));
    }

    static S3Reply empty(int status) {
        return new S3Reply(status, new TreeMap<>(), new byte[0]);
    }

    static S3Reply error(int status, String code) {
        return new S3Reply(
                status,
                new TreeMap<>(Map.of("Content-Type", "application/xml")),
                ("<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>")
                        .getBytes(StandardCharsets.UTF_8));
    }

    static S3Reply forbidden() {
        return error(403, "AccessDenied");
    }

    S3Reply with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    void send(HttpExchange exchange) throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
