package org.pgark.postgres.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;

/** The beginning of a session: who asks for what, the proof, and the server's parameters until it is ready. */
final class SessionStart {
    private static final int PROTOCOL = 3 << 16;

    private final ConnectionSettings settings;
    private final SessionKind kind;
    private final MessageReader reader;
    private final MessageWriter writer;

    SessionStart(ConnectionSettings settings, SessionKind kind, MessageReader reader, MessageWriter writer) {
        this.settings = settings;
        this.kind = kind;
        this.reader = reader;
        this.writer = writer;
    }

    void run(Authentication authentication, WireConnection connection) throws IOException {
        writer.beginWithoutType().int32(PROTOCOL);
        parameters()
                .forEach((name, value) ->
                        writer.text(name, StandardCharsets.UTF_8).text(value, StandardCharsets.UTF_8));
        writer.int8(0).send();
        boolean accepted = false;
        while (true) {
            int type = reader.next();
            switch (type) {
                case 'R' -> {
                    if (accepted) {
                        throw new ProtocolViolationException("authentication request after the authentication's end");
                    }
                    accepted = authentication.answer();
                }
                case 'E' -> throw new ServerErrorException(reader.serverMessage());
                case 'N', 'S' -> connection.handleAside(type);
                case 'K' -> {
                    requireAccepted(accepted, type);
                    connection.setCancelKey(new CancelKey(reader.int32(), reader.int32()));
                }
                case 'v' -> {
                    // A server that does not know some parameter of the protocol; none was sent.
                }
                case 'Z' -> {
                    requireAccepted(accepted, type);
                    return;
                }
                default ->
                    throw new ProtocolViolationException(
                            "expected authentication request from server, but received " + MessageReader.name(type));
            }
        }
    }

    private static void requireAccepted(boolean accepted, int type) throws ProtocolViolationException {
        if (!accepted) {
            throw new ProtocolViolationException(
                    "expected authentication request from server, but received " + MessageReader.name(type));
        }
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", settings.user());
        parameters.put("database", settings.database());
        switch (kind) {
            case ORDINARY -> {}
            case PHYSICAL_REPLICATION -> parameters.put("replication", "true");
            case DATABASE_REPLICATION -> parameters.put("replication", "database");
        }
        settings.option(ConnectionOption.OPTIONS).ifPresent(options -> parameters.put("options", options));
        parameters.put("application_name", settings.applicationName());
        String encoding = settings.option(ConnectionOption.CLIENT_ENCODING).orElse("auto");
        parameters.put("client_encoding", encoding.equals("auto") ? "UTF8" : encoding);
        parameters.putAll(settings.sessionParameters());
        return parameters;
    }
}
