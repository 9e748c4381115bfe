package org.pgark.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/**
 * Has the JVM see objects written to S3, listed, read and deleted: to load and link what that takes is a third of a second for
 * whoever is not prepared. The service is of this process, and knows only what is asked of it here.
 */
final class StoreRehearsal {
    private static final int PART = 5 << 20;
    private static final int SMALL = 4 << 10;

    private final Path folder;
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    /** What was sent of objects that are not completed, which nobody sees. */
    private final Map<String, byte[]> parts = new ConcurrentHashMap<>();

    /** @param folder for the file of the secret */
    StoreRehearsal(Path folder) {
        this.folder = folder;
    }

    void run() throws IOException {
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", this::answer);
        service.start();
        try (ObjectStore store = ObjectStores.open(
                RepositoryUrl.parse("s3://rehearsal/repository"),
                new StoreSettings(Map.of(
                        StoreOption.ENDPOINT,
                        "http://127.0.0.1:" + service.getAddress().getPort(),
                        StoreOption.PATH_STYLE,
                        "true",
                        StoreOption.PART_SIZE,
                        Integer.toString(PART),
                        StoreOption.ACCESS_KEY_ID,
                        "rehearsal",
                        StoreOption.SECRET_ACCESS_KEY_FILE,
                        Files.writeString(folder.resolve("secret"), "rehearsal").toString())))) {
            use(store, new ObjectName("small"), SMALL);
            use(store, new ObjectName("large"), PART + SMALL);
        } finally {
            service.stop(0);
        }
    }

    private static void use(ObjectStore store, ObjectName name, int size) throws IOException {
        if (store.size(name).isPresent()) {
            throw new IOException("object \"" + name + "\" is there before it was made");
        }
        byte[] content = new byte[size];
        Arrays.fill(content, (byte) 42);
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(content));
            writer.commit();
        }
        store.list(new ObjectName("folder"));
        store.folders(new ObjectName("folder"));
        ByteBuffer read = ByteBuffer.allocate(SMALL);
        store.read(name, size - SMALL, read);
        if (!read.flip().equals(ByteBuffer.wrap(content, 0, SMALL))) {
            throw new IOException("object \"" + name + "\" is not what was written");
        }
        store.delete(name);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            URI target = exchange.getRequestURI();
            String path = target.getPath();
            String query = Optional.ofNullable(target.getQuery()).orElse("");
            switch (exchange.getRequestMethod()) {
                case "HEAD", "GET" -> {
                    if (query.contains("list-type")) {
                        say(exchange, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
                    } else {
                        give(exchange, Optional.ofNullable(objects.get(path)));
                    }
                }
                case "PUT" -> {
                    (query.contains("partNumber") ? parts : objects).merge(path, body, StoreRehearsal::joined);
                    exchange.getResponseHeaders().set("ETag", "\"tag\"");
                    exchange.sendResponseHeaders(200, -1);
                }
                case "POST" -> {
                    if (query.startsWith("uploads")) {
                        say(
                                exchange,
                                "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>");
                    } else {
                        Optional.ofNullable(parts.remove(path)).ifPresent(whole -> objects.put(path, whole));
                        say(
                                exchange,
                                "<CompleteMultipartUploadResult><ETag>tag</ETag></CompleteMultipartUploadResult>");
                    }
                }
                default -> {
                    objects.remove(path);
                    exchange.sendResponseHeaders(204, -1);
                }
            }
        }
    }

    /** Parts are all of the same byte, so that their order does not matter. */
    private static byte[] joined(byte[] before, byte[] more) {
        byte[] both = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, both, before.length, more.length);
        return both;
    }

    private static void say(HttpExchange exchange, String document) throws IOException {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void give(HttpExchange exchange, Optional<byte[]> object) throws IOException {
        if (object.isEmpty()) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] bytes = object.get();
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String[] range = exchange.getRequestHeaders()
                .getFirst("Range")
                .replace("bytes=", "")
                .split("-", 2);
        byte[] part = Arrays.copyOfRange(bytes, Integer.parseInt(range[0]), Integer.parseInt(range[1]) + 1);
        exchange.sendResponseHeaders(206, part.length);
        exchange.getResponseBody().write(part);
    }
}
