package org.pgark.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer of {@link GcsServer}.
 *
 * @param status of HTTP
 * @param headers besides its length
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GcsReply(int status, Map<String, String> headers, byte[] body) {
    private static final int NO_CONTENT = 204;

    static GcsReply json(String text) {
        return new GcsReply(200, Map.of("Content-Type", "application/json"), text.getBytes(StandardCharsets.UTF_8));
    }

    static GcsReply error(int status, String message) {
        String text = "{\"error\": {\"code\": " + status + ", \"message\": \"" + message + "\"}}";
        return new GcsReply(status, Map.of("Content-Type", "application/json"), text.getBytes(StandardCharsets.UTF_8));
    }

    static GcsReply empty(int status, Map<String, String> headers) {
        return new GcsReply(status, headers, new byte[0]);
    }

    void send(HttpExchange exchange) throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(status, status == NO_CONTENT || body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
