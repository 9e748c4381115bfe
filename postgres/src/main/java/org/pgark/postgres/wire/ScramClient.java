package org.pgark.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's part of SCRAM-SHA-256 (RFC 5802, RFC 7677), with or without channel binding. The server proves that it
 * knows the password's verifier, too.
 */
final class ScramClient {
    private static final int MOST_ITERATIONS = 10_000_000;

    private final byte[] password;
    private final String header;
    private final byte[] binding;
    private final String nonce;
    private String transcript = "";
    private byte[] serverKey = {};

    /**
     * Begins a conversation.
     *
     * @param header the GS2 header: {@code n,,}, {@code y,,} or {@code p=tls-server-end-point,,}
     * @param binding the channel's mark, empty without channel binding
     */
    ScramClient(String password, String header, byte[] binding) {
        this.password = SaslPreparation.prepare(password).getBytes(StandardCharsets.UTF_8);
        this.header = header;
        this.binding = binding;
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        this.nonce = Base64.getEncoder().encodeToString(random);
    }

    byte[] firstMessage() {
        return (header + "n=,r=" + nonce).getBytes(StandardCharsets.UTF_8);
    }

    /** Answers the server's first message. */
    byte[] finalMessage(byte[] serverFirst) throws WireException {
        String message = new String(serverFirst, StandardCharsets.UTF_8);
        String serverNonce = attribute(message, 'r');
        if (!serverNonce.startsWith(nonce) || serverNonce.length() == nonce.length()) {
            throw new ProtocolViolationException("invalid SCRAM response (nonce mismatch)");
        }
        byte[] salt = decoded(attribute(message, 's'), "salt");
        int iterations = iterations(attribute(message, 'i'));
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        byte[] channel = Arrays.copyOf(head, head.length + binding.length);
        System.arraycopy(binding, 0, channel, head.length, binding.length);
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(channel) + ",r=" + serverNonce;
        transcript = "n=,r=" + nonce + "," + message + "," + withoutProof;
        try {
            byte[] salted = saltedPassword(salt, iterations);
            byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.UTF_8));
            serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.UTF_8));
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
            byte[] proof = xor(clientKey, hmac(storedKey, transcript.getBytes(StandardCharsets.UTF_8)));
            return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java runtime", e);
        }
    }

    /** Checks the server's own proof. */
    void checkServer(byte[] serverFinal) throws WireException {
        String message = new String(serverFinal, StandardCharsets.UTF_8);
        if (message.startsWith("e=")) {
            throw new ProtocolViolationException(
                    "error received from server in SCRAM exchange: " + message.substring(2));
        }
        byte[] signature = decoded(attribute(message, 'v'), "server signature");
        try {
            byte[] expected = hmac(serverKey, transcript.getBytes(StandardCharsets.UTF_8));
            if (serverKey.length == 0 || !MessageDigest.isEqual(expected, signature)) {
                throw new ProtocolViolationException("incorrect server signature");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java runtime", e);
        }
    }

    private static String attribute(String message, char name) throws ProtocolViolationException {
        for (String part : message.split(",", -1)) {
            if (part.startsWith(name + "=")) {
                return part.substring(2);
            }
        }
        throw new ProtocolViolationException("malformed SCRAM message (attribute \"" + name + "\" expected)");
    }

    private static byte[] decoded(String text, String what) throws ProtocolViolationException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolationException("malformed SCRAM message (invalid " + what + ")");
        }
    }

    private static int iterations(String text) throws ProtocolViolationException {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= 1 && iterations <= MOST_ITERATIONS) {
                return iterations;
            }
        } catch (NumberFormatException e) {
            throw new ProtocolViolationException("malformed SCRAM message (invalid iteration count)");
        }
        throw new ProtocolViolationException("malformed SCRAM message (invalid iteration count)");
    }

    /** PBKDF2 with one block. Done by hand, since the JDK's key factory takes no bytes and no empty password. */
    private byte[] saltedPassword(byte[] salt, int iterations) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(key(password));
        mac.update(salt);
        byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = block.clone();
        for (int round = 1; round < iterations; round++) {
            block = mac.doFinal(block);
            for (int index = 0; index < result.length; index++) {
                result[index] ^= block[index];
            }
        }
        return result;
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(key(key));
        return mac.doFinal(message);
    }

    /** A key of zero bytes is the same as no key to HMAC, and Java refuses an empty one. */
    private static SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes.length == 0 ? new byte[1] : bytes, "HmacSHA256");
    }

    private static byte[] xor(byte[] left, byte[] right) {
        byte[] result = left.clone();
        for (int index = 0; index < result.length; index++) {
            result[index] ^= right[index];
        }
        return result;
    }
}
