package org.pgark.repository.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The figures were computed from what docs/repository-format.md says, by another program in another language. */
class ContentHasherTest {
    private static final ContentKey KEY =
            new ContentKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    private final byte[] unit = new byte[ContentHasher.UNIT];

    private static String hash(ContentHashing hashing, byte[] bytes) {
        return hash(new ContentHashes(KEY, hashing).hasher(), bytes);
    }

    private static String hash(ContentHasher hasher, byte[] bytes) {
        return HexFormat.of().formatHex(hasher.hashUnits(bytes, 0, bytes.length));
    }

    private static byte[] mixed() {
        byte[] bytes = new byte[ContentHasher.UNIT];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + i / 256);
        }
        return bytes;
    }

    @Test
    void fullUnitsAreHashedByNhAndThenByHmac() {
        assertThat(hash(ContentHashing.NH_HMAC, mixed())).isEqualTo("86794453d327c841c269f450083192c4");
        assertThat(hash(ContentHashing.NH_HMAC, unit)).isEqualTo("e1d0b90e6c49432a12c44e505528ab6d");
        Arrays.fill(unit, (byte) 0xff);
        assertThat(hash(ContentHashing.NH_HMAC, unit)).isEqualTo("8df97ff2a5d70eb66230fe20c948df09");
    }

    @Test
    void shorterOnesAndOlderRepositoriesHaveHmacAlone() {
        byte[] word = "abc".getBytes(StandardCharsets.US_ASCII);
        assertThat(hash(ContentHashing.NH_HMAC, word)).isEqualTo("f0133729c4163dede81e21cd47839256");
        assertThat(hash(ContentHashing.HMAC, word)).isEqualTo("f0133729c4163dede81e21cd47839256");
        assertThat(hash(ContentHashing.HMAC, mixed())).isEqualTo("c5499c19114fb5a57c1e45848f94245b");
    }

    @Test
    void unitsOfOneStretchAreHashedOneByOne() {
        byte[] bytes = new byte[2 * ContentHasher.UNIT + 3];
        System.arraycopy(mixed(), 0, bytes, ContentHasher.UNIT, ContentHasher.UNIT);
        System.arraycopy("abc".getBytes(StandardCharsets.US_ASCII), 0, bytes, 2 * ContentHasher.UNIT, 3);
        assertThat(hash(ContentHashing.NH_HMAC, bytes))
                .isEqualTo("e1d0b90e6c49432a12c44e505528ab6d" + "86794453d327c841c269f450083192c4"
                        + "f0133729c4163dede81e21cd47839256");
    }

    @Test
    void eachBitAndThePlaceOfEachWordCount() {
        ContentHasher hasher = new ContentHashes(KEY, ContentHashing.NH_HMAC).hasher();
        Set<String> seen = new HashSet<>();
        seen.add(hash(hasher, unit));
        for (int bit = 0; bit < 8 * unit.length; bit++) {
            unit[bit / 8] = (byte) (1 << bit % 8);
            assertThat(seen.add(hash(hasher, unit))).as("bit %d", bit).isTrue();
            unit[bit / 8] = 0;
        }
    }

    @Test
    void otherKeysGiveOtherHashes() {
        ContentHashes others = new ContentHashes(new ContentKey("00".repeat(32)), ContentHashing.NH_HMAC);
        assertThat(hash(others.hasher(), mixed())).isNotEqualTo(hash(ContentHashing.NH_HMAC, mixed()));
    }
}
