package org.pgark.postgres.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.connection.ByteText;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerAddress;

/** Answers the server's requests for proof of who is there, until it is content. */
final class Authentication {
    private static final int OK = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int GSS = 7;
    private static final int GSS_CONTINUE = 8;
    private static final int SSPI = 9;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;
    private static final String SCRAM = "SCRAM-SHA-256";
    private static final String SCRAM_PLUS = "SCRAM-SHA-256-PLUS";

    private final ConnectionSettings settings;
    private final ServerAddress server;
    private final WireSocket socket;
    private final MessageReader reader;
    private final MessageWriter writer;
    private final RequiredMethods required;
    private final String channelBinding;
    private @Nullable ScramClient scram;
    private @Nullable GssClient gss;
    private boolean serverProved;
    private boolean bound;
    private boolean asked;

    Authentication(
            ConnectionSettings settings,
            ServerAddress server,
            WireSocket socket,
            MessageReader reader,
            MessageWriter writer) {
        this.settings = settings;
        this.server = server;
        this.socket = socket;
        this.reader = reader;
        this.writer = writer;
        this.required = new RequiredMethods(
                settings.option(ConnectionOption.REQUIRE_AUTH).orElse(""));
        this.channelBinding = settings.option(ConnectionOption.CHANNEL_BINDING).orElse("prefer");
    }

    /** Whether the server has asked for anything yet. */
    boolean hasBegun() {
        return asked;
    }

    /** Takes one request, whose message is the reader's current one; true when the server is content. */
    boolean answer() throws IOException {
        int request = reader.int32();
        if (request == OK) {
            return accepted();
        }
        asked = true;
        if (channelBinding.equals("require") && (request == CLEARTEXT || request == MD5 || request == GSS)) {
            throw new AuthenticationException(
                    "channel binding required but not supported by server's authentication request");
        }
        switch (request) {
            case CLEARTEXT -> {
                required.check("password", "server requested a cleartext password");
                sendPassword(password());
            }
            case MD5 -> {
                required.check("md5", "server requested a hashed password");
                sendPassword(hashed(reader.bytes(4)));
            }
            case SASL -> begin();
            case SASL_CONTINUE -> proceed();
            case SASL_FINAL -> {
                if (scram == null) {
                    throw new ProtocolViolationException("unexpected end of SASL authentication");
                }
                scram.checkServer(reader.bytes(reader.remaining()));
                serverProved = true;
            }
            case GSS -> beginGss();
            case GSS_CONTINUE -> {
                if (gss == null) {
                    throw new ProtocolViolationException("unexpected GSSAPI authentication data");
                }
                sendToken(gss, reader.bytes(reader.remaining()));
            }
            case SSPI -> throw new AuthenticationException("SSPI authentication not supported");
            default -> throw new AuthenticationException("authentication method " + request + " not supported");
        }
        return false;
    }

    private boolean accepted() throws IOException {
        if (scram != null && !serverProved) {
            throw new ProtocolViolationException(
                    "server completed the SASL authentication without proving that it knows the password");
        }
        if (gss != null) {
            boolean proved = gss.isEstablished();
            gss.close();
            if (!proved) {
                throw new ProtocolViolationException(
                        "server completed the GSSAPI authentication without proving who it is");
            }
        }
        if (channelBinding.equals("require") && !bound) {
            throw new AuthenticationException(
                    "channel binding required, but server authenticated client without channel binding");
        }
        if (!asked) {
            required.check("none", "server did not complete authentication");
        }
        return true;
    }

    private String password() throws AuthenticationException {
        return settings.password(server)
                .map(password -> password.value())
                .filter(value -> !value.isEmpty())
                .orElseThrow(AuthenticationException::passwordMissing);
    }

    private void sendPassword(String password) throws IOException {
        writer.begin('p').text(password, StandardCharsets.UTF_8).send();
    }

    private String hashed(byte[] salt) throws AuthenticationException {
        byte[] user = ByteText.encode(settings.user(), StandardCharsets.UTF_8);
        byte[] inner = md5(password().getBytes(StandardCharsets.UTF_8), user);
        return "md5"
                + HexFormat.of()
                        .formatHex(md5(HexFormat.of().formatHex(inner).getBytes(StandardCharsets.US_ASCII), salt));
    }

    private static byte[] md5(byte[] first, byte[] second) throws AuthenticationException {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(first);
            return digest.digest(second);
        } catch (GeneralSecurityException e) {
            throw new AuthenticationException("could not encrypt password: MD5 is not available");
        }
    }

    private void beginGss() throws IOException {
        required.check("gss", "server requested GSSAPI authentication");
        if (gss != null) {
            throw new ProtocolViolationException("duplicate GSS authentication request");
        }
        if (!(server instanceof ServerAddress.Tcp tcp)) {
            throw new AuthenticationException("host name must be specified");
        }
        gss = GssClient.start(settings.option(ConnectionOption.KRBSRVNAME).orElse("postgres"), tcp.host());
        sendToken(gss, new byte[0]);
    }

    private void sendToken(GssClient client, byte[] token) throws IOException {
        Optional<byte[]> answer = client.next(token);
        if (answer.isPresent()) {
            writer.begin('p').bytes(answer.get()).send();
        }
    }

    private void begin() throws IOException {
        List<String> mechanisms = new ArrayList<>();
        for (String name = reader.text(StandardCharsets.US_ASCII);
                !name.isEmpty();
                name = reader.text(StandardCharsets.US_ASCII)) {
            mechanisms.add(name);
        }
        if (scram != null) {
            throw new ProtocolViolationException("duplicate SASL authentication request");
        }
        Optional<X509Certificate> certificate = socket.certificate();
        boolean mayBind = certificate.isPresent() && !channelBinding.equals("disable");
        boolean plus = mayBind && mechanisms.contains(SCRAM_PLUS);
        if (!plus && channelBinding.equals("require")) {
            throw new AuthenticationException(
                    certificate.isPresent()
                            ? "channel binding is required, but server did not offer an authentication method that"
                                    + " supports channel binding"
                            : "channel binding required, but SSL not in use");
        }
        if (!plus && !mechanisms.contains(SCRAM)) {
            throw new AuthenticationException(
                    mechanisms.contains("OAUTHBEARER")
                            ? "OAuth authentication (OAUTHBEARER) is not supported by pgark"
                            : "none of the server's SASL authentication mechanisms are supported");
        }
        required.check("scram-sha-256", "server requested SASL authentication");
        bound = plus;
        scram = plus
                ? new ScramClient(password(), "p=tls-server-end-point,,", endPoint(certificate.orElseThrow()))
                : new ScramClient(password(), mayBind ? "y,," : "n,,", new byte[0]);
        byte[] first = scram.firstMessage();
        writer.begin('p')
                .text(plus ? SCRAM_PLUS : SCRAM, StandardCharsets.US_ASCII)
                .int32(first.length)
                .bytes(first)
                .send();
    }

    private void proceed() throws IOException {
        if (scram == null) {
            throw new ProtocolViolationException("unexpected SASL authentication data");
        }
        writer.begin('p')
                .bytes(scram.finalMessage(reader.bytes(reader.remaining())))
                .send();
    }

    /** The hash of the server's certificate by its signature's hash, SHA-256 in place of weak ones (RFC 5929). */
    private static byte[] endPoint(X509Certificate certificate) throws AuthenticationException {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = signature.indexOf("WITH");
        String hash = with < 0 ? "" : signature.substring(0, with);
        String digest = switch (hash) {
            case "MD5", "SHA1", "SHA-1", "SHA256" -> "SHA-256";
            case "SHA224" -> "SHA-224";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default ->
                throw new AuthenticationException(
                        "could not find digest for certificate signature algorithm " + certificate.getSigAlgName());
        };
        try {
            return MessageDigest.getInstance(digest).digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AuthenticationException("could not generate peer certificate hash");
        }
    }
}
