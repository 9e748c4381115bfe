package org.pgark.repository.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The building blocks are those of the standards, whoever provides them. */
class KnownAnswersTest {
    private static final HexFormat HEX = HexFormat.of();

    @AfterEach
    void back() {
        GcmProvider.use(null);
    }

    /** RFC 5869, A.1 to A.3, have infos that are no ASCII, but the last. */
    @Test
    void hkdfIsThatOfRfc5869() {
        byte[] secret = HEX.parseHex("0b".repeat(22));
        assertThat(HEX.formatHex(Hkdf.derive(secret, new byte[0], "", 42)))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    @Test
    void theCorrettoProviderIsThereOnLinux() {
        boolean expected = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        Optional<Provider> provider = GcmProvider.load();
        if (expected) {
            assertThat(provider).isPresent();
        }
    }

    /** Cases 13 to 15 of the specification of GCM by McGrew and Viega, of which the last has another nonce. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gcmIsThatOfItsSpecification(boolean corretto) {
        if (corretto) {
            GcmProvider.load().ifPresent(GcmProvider::use);
        }
        byte[] key = new byte[32];
        assertThat(HEX.formatHex(AeadCipher.sealOnce(key, new byte[0], new byte[0])))
                .isEqualTo("530f8afbc74536b9a963b4f1c4cb738b");
        assertThat(HEX.formatHex(AeadCipher.sealOnce(key, new byte[16], new byte[0])))
                .isEqualTo("cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void opensOnlyWhatWasSealed(boolean corretto) {
        if (corretto) {
            GcmProvider.load().ifPresent(GcmProvider::use);
        }
        byte[] key = HEX.parseHex("42".repeat(32));
        byte[] message = "a message".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] associated = {1, 2, 3};
        byte[] sealed = AeadCipher.sealOnce(key, message, associated);
        assertThat(AeadCipher.openOnce(key, sealed, associated)).contains(message);
        assertThat(AeadCipher.openOnce(key, sealed, new byte[] {1, 2, 4})).isEmpty();
        assertThat(AeadCipher.openOnce(HEX.parseHex("43".repeat(32)), sealed, associated))
                .isEmpty();
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] other = sealed.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(AeadCipher.openOnce(key, other, associated)).isEmpty();
        }
    }
}
