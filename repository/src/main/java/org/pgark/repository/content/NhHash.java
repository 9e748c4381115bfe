package org.pgark.repository.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * NH, the universal hash of UMAC (J. Black, S. Halevi, H. Krawczyk, T. Krovetz, P. Rogaway, "UMAC: Fast and Secure
 * Message Authentication", 1999): of units of 8 KiB as 32-bit numbers, little-endian, four times with a key that is
 * moved on by two numbers each time. Two units that differ have the same 32 bytes for one key in 2<sup>128</sup>. The
 * result tells of the key, so that it must not be shown; what is shown is a keyed hash of it. For several threads.
 *
 * <p>With numbers m<sub>0</sub> to m<sub>2047</sub> and the key's k<sub>0</sub> to k<sub>2053</sub>, result p, 64 bits,
 * is the sum of (m<sub>2i</sub> + k<sub>2i+2p</sub>) (m<sub>2i+1</sub> + k<sub>2i+1+2p</sub>) for i from 0 to 1023,
 * the sums in brackets taken modulo 2<sup>32</sup>, the whole modulo 2<sup>64</sup>.
 */
final class NhHash {
    /** Bytes of what is hashed. */
    static final int UNIT = 8192;
    /** Bytes of the key. */
    static final int KEY_LENGTH = UNIT + (NhHash.PASSES - 1) * Long.BYTES;
    /** Bytes of a result. */
    static final int LENGTH = NhHash.PASSES * Long.BYTES;

    private static final int PASSES = 4;
    private static final int PAIRS = UNIT / Long.BYTES;
    private static final long LOW = 0xFFFF_FFFFL;
    private static final VarHandle PAIR = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Two numbers each, the first in the low half. */
    private final long[] key = new long[KEY_LENGTH / Long.BYTES];

    /** Of a key of {@link #KEY_LENGTH} bytes. */
    NhHash(byte[] keyBytes) {
        for (int pair = 0; pair < key.length; pair++) {
            key[pair] = (long) PAIR.get(keyBytes, pair * Long.BYTES);
        }
    }

    /** Writes the hash of the unit at {@code offset} to the beginning of {@code target}, little-endian. */
    void hash(byte[] bytes, int offset, byte[] target) {
        for (int pass = 0; pass < PASSES; pass++) {
            PAIR.set(target, pass * Long.BYTES, sum(bytes, offset, key, pass));
        }
    }

    /** One pass a loop, since Java then makes vector instructions of it. */
    private static long sum(byte[] bytes, int offset, long[] key, int pass) {
        long sum = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            long numbers = (long) PAIR.get(bytes, offset + pair * Long.BYTES);
            long keys = key[pair + pass];
            long first = (numbers + keys) & LOW;
            long second = ((numbers >>> 32) + (keys >>> 32)) & LOW;
            sum += first * second;
        }
        return sum;
    }
}
