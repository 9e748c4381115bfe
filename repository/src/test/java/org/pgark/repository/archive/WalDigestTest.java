package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.pgark.repository.seal.CorrettoProvider;

class WalDigestTest {
    /** FIPS 180-2, appendix B.1. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void aDigestBegunBeforeTheFasterOneWasLoadedIsReplacedByIt() {
        MessageDigest before = WalDigest.create();
        before.update((byte) 'x');
        WalDigest.expectMuch();
        MessageDigest after = WalDigest.emptied(before);

        assertThat(hash(after)).isEqualTo(OF_ABC);
        assertThat(hash(WalDigest.create())).isEqualTo(OF_ABC);
        assertThat(WalDigest.emptied(after)).isSameAs(after);
        CorrettoProvider.load()
                .ifPresent(fast -> assertThat(after.getProvider()).isEqualTo(fast));
    }

    private static String hash(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest("abc".getBytes(StandardCharsets.US_ASCII)));
    }
}
