package org.pgark.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;

/** What the client makes of a server that says what no server should. */
@Timeout(60)
class ScriptedServerTest {
    /** Collects messages. */
    private static final class Script {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Script message(char type, byte[] body) {
            return head(type, body.length + 4).raw(body);
        }

        Script message(char type, String body) {
            return message(type, body.getBytes(StandardCharsets.ISO_8859_1));
        }

        Script head(char type, int length) {
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.write(type);
                out.writeInt(length);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return this;
        }

        Script raw(byte[] more) {
            bytes.writeBytes(more);
            return this;
        }

        Script ready() {
            return message('Z', "I");
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }

    private static Script welcome() {
        return new Script()
                .message('R', "\0\0\0\0")
                .message('S', "server_version\00015.1\0")
                .message('K', "\0\0\0\1\0\0\0\2")
                .ready();
    }

    /** Answers the first connection with these bytes, reads what comes, and closes when told to. */
    private static void withServer(byte[] start, byte[] answer, Conversation conversation) throws Exception {
        Thread server;
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server = Thread.ofVirtual().start(() -> {
                while (!listener.isClosed()) {
                    try (Socket socket = listener.accept()) {
                        InputStream in = socket.getInputStream();
                        byte[] request = new byte[4096];
                        int read = in.read(request);
                        if (read < 0) {
                            continue;
                        }
                        socket.getOutputStream().write(start);
                        socket.getOutputStream().flush();
                        if (in.read(request) >= 0) {
                            socket.getOutputStream().write(answer);
                            socket.getOutputStream().flush();
                        }
                        socket.shutdownOutput();
                        while (in.read(request) >= 0) {
                            // Whatever else it says.
                        }
                    } catch (IOException e) {
                        // The client has gone, as it may.
                    }
                }
            });
            ConnectionSettings settings = ConnectionSettings.resolve(
                    "host=127.0.0.1 sslmode=disable user=u dbname=d password=p port=" + listener.getLocalPort(),
                    ConnectionEnvironment.of(Map.of(), Path.of("/nowhere"), "u"));
            conversation.with(settings);
        }
        server.join();
    }

    private interface Conversation {
        void with(ConnectionSettings settings) throws Exception;
    }

    private static void answerFails(Script answer, String message) throws Exception {
        withServer(welcome().toBytes(), answer.toBytes(), settings -> {
            try (WireConnection connection = WireConnection.open(settings)) {
                assertThatThrownBy(() -> connection.query("select 1"))
                        .isInstanceOf(WireException.class)
                        .hasMessage(message);
                assertThat(connection.isClosed()).isTrue();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"3", "0", "-1", "-2147483648"})
    void believesNoLengthThatCannotBe(int length) throws Exception {
        answerFails(
                new Script().head('T', length),
                "lost synchronization with server: got message type \"T\", length " + length);
    }

    @Test
    void believesNoLongMessageOfAShortKind() throws Exception {
        answerFails(
                new Script().head('C', 1 << 20),
                "lost synchronization with server: got message type \"C\", length 1048576");
    }

    @Test
    void allocatesNothingForWhatWasOnlyAnnounced() throws Exception {
        long before = Runtime.getRuntime().totalMemory();
        int announced = (int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 3);
        answerFails(new Script().head('D', announced).raw(new byte[1000]), "server closed the connection unexpectedly");
        assertThat(Runtime.getRuntime().totalMemory() - before).isLessThan(announced);
    }

    @Test
    void refusesAMessageThatIsTooLarge() throws Exception {
        int limit = (int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 3);
        answerFails(
                new Script().head('N', Integer.MAX_VALUE),
                "message of type \"N\" has 2147483647 bytes, more than the limit of " + limit);
    }

    @Test
    void saysThatTheServerIsGone() throws Exception {
        answerFails(new Script(), "server closed the connection unexpectedly");
        answerFails(new Script().raw(new byte[] {'T', 0, 0}), "server closed the connection unexpectedly");
    }

    @Test
    void refusesWhatHasNoPlaceInAnAnswer() throws Exception {
        answerFails(
                new Script().message('d', "data").ready(),
                "unexpected message of type \"d\" from server in place of an answer");
        answerFails(
                new Script().message('R', "\0\0\0\0").ready(),
                "unexpected message of type \"R\" from server in place of an answer");
        answerFails(
                new Script().message('T', "\0\0").message('Z', "I"),
                "unexpected message of type \"Z\" from server in place of rows");
    }

    @Test
    void refusesFieldsThatReachBeyondTheirMessage() throws Exception {
        answerFails(new Script().message('T', "\0\5name\0"), "message from server is cut short");
        answerFails(new Script().message('T', "\0\1name"), "text in a message from the server has no end");
        answerFails(new Script().message('C', "SELECT"), "text in a message from the server has no end");
        answerFails(new Script().message('T', "\377\377"), "result with 65535 columns, at most 1664");
        answerFails(new Script().message('T', "\0\0").message('D', "\0\1\0\0\0\0"), "row with 1 values, expected 0");
        String column = "\0\1a\0" + "\0".repeat(18);
        answerFails(
                new Script().message('T', column).message('D', "\0\1\177\377\377\377"),
                "message from server is cut short");
        answerFails(
                new Script().message('T', column).message('D', "\0\1\377\377\377\376"), "value with a length of -2");
        answerFails(new Script().message('E', "SERROR\0M"), "text in a message from the server has no end");
    }

    @Test
    void aServerThatSkipsItsOwnProofIsNotBelieved() throws Exception {
        byte[] start = new Script().message('R', "\0\0\0\12SCRAM-SHA-256\0\0").toBytes();
        withServer(
                start,
                new Script().message('R', "\0\0\0\0").ready().toBytes(),
                settings -> assertThatThrownBy(() -> WireConnection.open(settings))
                        .hasMessageEndingWith(
                                "server completed the SASL authentication without proving that it knows the password"));
    }

    @Test
    void aServerWithAnotherNonceIsNotBelieved() throws Exception {
        byte[] start = new Script().message('R', "\0\0\0\12SCRAM-SHA-256\0\0").toBytes();
        withServer(
                start,
                new Script().message('R', "\0\0\0\13r=abc,s=AAAA,i=4096").toBytes(),
                settings -> assertThatThrownBy(() -> WireConnection.open(settings))
                        .hasMessageEndingWith("invalid SCRAM response (nonce mismatch)"));
    }

    /** Here is no ticket; with a real centre for keys it was tried by hand. */
    @Test
    void kerberosWithoutATicketOrOutOfTurnIsToldPlainly() throws Exception {
        withServer(
                new Script().message('R', "\0\0\0\7").toBytes(),
                new byte[0],
                settings -> assertThatThrownBy(() -> WireConnection.open(settings))
                        .hasMessageContaining("no Kerberos ticket could be taken from the cache"));
        withServer(
                new Script().message('R', "\0\0\0\10token").toBytes(),
                new byte[0],
                settings -> assertThatThrownBy(() -> WireConnection.open(settings))
                        .hasMessageEndingWith("unexpected GSSAPI authentication data"));
    }

    @Test
    void asksForNoRowsBeforeItIsLetIn() throws Exception {
        withServer(
                new Script().ready().toBytes(),
                new byte[0],
                settings -> assertThatThrownBy(() -> WireConnection.open(settings))
                        .hasMessageEndingWith("expected authentication request from server, but received \"Z\""));
    }

    /** Any bytes in place of an answer end in an exception or a result, never in a hang or in memory without bound. */
    @Test
    void survivesAnyBytes() throws Exception {
        Random random = new Random(20261126);
        Script good = new Script();
        good.message('T', "\0\1a\0" + "\0".repeat(18))
                .message('D', "\0\1\0\0\0\1x")
                .message('C', "SELECT 1\0")
                .ready();
        for (int round = 0; round < 500; round++) {
            byte[] answer = good.toBytes();
            int damages = 1 + random.nextInt(4);
            for (int damage = 0; damage < damages; damage++) {
                answer[random.nextInt(answer.length)] = (byte) random.nextInt();
            }
            withServer(welcome().toBytes(), answer, settings -> {
                try (WireConnection connection = WireConnection.open(settings)) {
                    connection.query("select 1");
                } catch (WireException | IllegalArgumentException e) {
                    assertThat(e).hasMessageNotContaining("null");
                }
            });
        }
    }
}
