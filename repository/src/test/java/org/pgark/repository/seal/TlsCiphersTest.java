package org.pgark.repository.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cipher that TLS gets is the same one before and after the faster provider takes over. */
class TlsCiphersTest {
    private final byte[] plain = new byte[20_000];
    private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
    private int seals;

    @BeforeEach
    void install() {
        new Random(1).nextBytes(plain);
        GcmProvider.use(null);
        TlsCiphers.install();
        TlsCiphers.install();
    }

    @AfterEach
    void back() {
        Security.removeProvider("pgark");
        GcmProvider.use(null);
    }

    @Test
    void aCipherThatIsOpenBecomesTheFasterOneAtItsNextInitialisation() throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        assertThat(cipher.getProvider().getName()).isEqualTo("pgark");
        byte[] before = sealed(cipher);
        GcmProvider.load().ifPresent(GcmProvider::use);
        assertThat(sealed(cipher)).isEqualTo(before);
        assertThat(before).isEqualTo(sealed(Cipher.getInstance("AES/GCM/NoPadding", "SunJCE")));
    }

    /** The JDK's TLS opens a record where it lies. */
    @Test
    void opensInPlaceAndRefusesWhatWasChanged() throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        for (int turn = 0; turn < 2; turn++) {
            byte[] sealed = sealed(cipher);
            ByteBuffer record = ByteBuffer.wrap(sealed.clone());
            begin(cipher, Cipher.DECRYPT_MODE);
            int length = cipher.doFinal(record, record.duplicate());
            assertThat(record.array()).startsWith(plain);
            assertThat(length).isEqualTo(plain.length);
            sealed[7] ^= 1;
            begin(cipher, Cipher.DECRYPT_MODE);
            assertThatThrownBy(() -> cipher.doFinal(sealed)).isInstanceOf(AEADBadTagException.class);
            GcmProvider.load().ifPresent(GcmProvider::use);
        }
    }

    @Test
    void theSuitesOfTlsAreAllThere() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        assertThat(context.getDefaultSSLParameters().getCipherSuites())
                .contains("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }

    private byte[] sealed(Cipher cipher) throws GeneralSecurityException {
        // To encrypt, a cipher takes no nonce twice in a row.
        byte[] another = new byte[12];
        another[0] = (byte) ++seals;
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, another));
        begin(cipher, Cipher.ENCRYPT_MODE);
        return cipher.doFinal(plain);
    }

    private void begin(Cipher cipher, int mode) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(128, new byte[12]));
        cipher.updateAAD(new byte[] {1, 2, 3});
    }
}
