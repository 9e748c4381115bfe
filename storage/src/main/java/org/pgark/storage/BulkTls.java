package org.pgark.storage;

import java.security.Security;

/**
 * Makes TLS fast in a process that moves much. This Java's AES-GCM does some 20 MB/s of a core until it is compiled well, which
 * it never is in a process that compiles little; native code does a hundred times as much. To load that takes 0.2 s of
 * processor time, which a command that only reads a few objects shall not pay.
 */
public final class BulkTls {
    private static volatile boolean expected;

    private BulkTls() {}

    /** From now on whoever connects to a service by TLS makes ready for much. */
    public static void expect() {
        expected = true;
    }

    /**
     * To be called before a client of a service is made: if much is expected, and the service is not reached without TLS, the
     * native algorithms are the first that this Java looks for from now on. Does nothing where there are none for this platform.
     */
    public static void prepare(StoreSettings settings) {
        if (expected && !settings.find(StoreOption.ENDPOINT).orElse("").startsWith("http:")) {
            // Does nothing when it is there already.
            CorrettoProvider.load().ifPresent(provider -> Security.insertProviderAt(provider, 1));
        }
    }
}
