package org.pgark.postgres.wire;

import java.io.IOException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerAddress;

/**
 * What a server wants to hear before it gives up a session's statement.
 *
 * @param process the backend's process number
 * @param secret its secret
 */
record CancelKey(int process, int secret) {
    static final CancelKey NONE = new CancelKey(0, 0);

    private static final int CANCEL_REQUEST = 1234 << 16 | 5678;

    void send(ConnectionSettings settings, ServerAddress server, boolean encrypted) throws IOException {
        if (process == 0) {
            return;
        }
        try (WireSocket socket = WireSocket.connect(settings, server)) {
            if (encrypted) {
                socket.startTls(TlsPolicy.of(settings));
            }
            new MessageWriter(socket.output())
                    .beginWithoutType()
                    .int32(CANCEL_REQUEST)
                    .int32(process)
                    .int32(secret)
                    .send();
            // The server closes the connection when the signal is sent.
            socket.input().skip(1);
        }
    }
}
