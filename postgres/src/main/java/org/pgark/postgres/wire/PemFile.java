package org.pgark.postgres.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLException;

/** Certificates and private keys from files of OpenSSL's: PEM, and for keys DER in PKCS #8. */
final class PemFile {
    static final String KEY_ALIAS = "client";

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE);

    /** AlgorithmIdentifier of rsaEncryption with NULL parameters, DER. */
    private static final byte[] RSA = {
        0x30, 0x0D, 0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private PemFile() {}

    static KeyStore trustStore(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("root" + number++, certificate);
        }
        if (number == 0) {
            throw new SSLException("could not read root certificate file \"" + file + "\": it holds no certificate");
        }
        return store;
    }

    static KeyStore keyStore(Path certificateFile, Path keyFile, char[] password)
            throws IOException, GeneralSecurityException {
        List<Certificate> chain = certificates(certificateFile);
        if (chain.isEmpty()) {
            throw new SSLException(
                    "could not read certificate file \"" + certificateFile + "\": it holds no certificate");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(KEY_ALIAS, key(keyFile, password), new char[0], chain.toArray(Certificate[]::new));
        return store;
    }

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            if (blocks.group(1).endsWith("CERTIFICATE")) {
                certificates.add(factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getMimeDecoder().decode(blocks.group(2)))));
            }
        }
        return certificates;
    }

    private static PrivateKey key(Path file, char[] password) throws IOException, GeneralSecurityException {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new SSLException("private key file \"" + file + "\" has group or world access; file must have"
                    + " permissions u=rw (0600) or less if owned by the current user, or permissions u=rw,g=r (0640)"
                    + " or less if owned by root");
        }
        byte[] content = Files.readAllBytes(file);
        Matcher blocks = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            if (blocks.group(1).endsWith("PRIVATE KEY")) {
                if (blocks.group(2).contains("Proc-Type:")) {
                    throw new SSLException(
                            "could not load private key file \"" + file
                                    + "\": encrypted in OpenSSL's old form (turn it into PKCS #8 with \"openssl pkcs8 -topk8\")");
                }
                byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
                return switch (blocks.group(1)) {
                    case "PRIVATE KEY" -> key(der, file);
                    case "ENCRYPTED PRIVATE KEY" -> decrypted(der, password, file);
                    case "RSA PRIVATE KEY" -> key(wrapped(RSA, der), file);
                    case "EC PRIVATE KEY" -> key(wrapped(EcKey.algorithm(der), der), file);
                    default ->
                        throw new SSLException("could not load private key file \"" + file + "\": unknown kind \""
                                + blocks.group(1) + "\"");
                };
            }
        }
        return key(content, file);
    }

    private static PrivateKey key(byte[] der, Path file) throws SSLException, GeneralSecurityException {
        SSLException failure =
                new SSLException("could not load private key file \"" + file + "\": no RSA, EC or Ed25519 key");
        for (String algorithm : List.of("RSA", "EC", "Ed25519", "RSASSA-PSS")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    private static PrivateKey decrypted(byte[] der, char[] password, Path file)
            throws IOException, GeneralSecurityException {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        String algorithm = info.getAlgParameters() == null
                ? info.getAlgName()
                : info.getAlgParameters().toString();
        try {
            SecretKey secret = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password));
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, info.getAlgParameters());
            return key(info.getKeySpec(cipher).getEncoded(), file);
        } catch (InvalidKeySpecException | java.security.InvalidKeyException e) {
            throw new SSLException("could not load private key file \"" + file + "\": wrong sslpassword", e);
        }
    }

    /** PKCS #8 around the older forms: version 0, the algorithm, the key as an octet string. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        byte[] version = {0x02, 0x01, 0x00};
        return EcKey.tagged(0x30, EcKey.joined(version, algorithm, EcKey.tagged(0x04, key)));
    }
}
