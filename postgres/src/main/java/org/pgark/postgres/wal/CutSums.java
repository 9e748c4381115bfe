package org.pgark.postgres.wal;

/**
 * CRC-32C values of the parts of records that the boundaries of a segment cut, page headers left out, by which the CRC of such a
 * record can be checked without its bytes.
 *
 * @param headLength how many of the segment's bytes belong to a record that began earlier
 * @param head the CRC-32C of these
 * @param tail the CRC-32C of what the segment's end holds of a record that goes on, without the record's header; 0 if it
 *     holds no more than that, or there is none
 */
public record CutSums(int headLength, int head, int tail) {
    /** The polynomial of CRC-32C, the lowest power in the highest bit. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int ONE = 1 << 31;
    private static final int X = 1 << 30;

    /** The CRC-32C of bytes that follow one another, of those of each and the length of the second ones. */
    static int joined(int first, int second, long secondLength) {
        return product(power(Byte.SIZE * secondLength), first) ^ second;
    }

    /** The CRC-32C of the second ones of bytes that follow one another, of that of all and that of the first ones. */
    static int rest(int whole, int first, long secondLength) {
        return joined(first, whole, secondLength);
    }

    /** The product of two polynomials modulo that of CRC-32C. */
    private static int product(int one, int other) {
        int product = 0;
        int shifted = other;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((one & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? shifted >>> 1 ^ POLYNOMIAL : shifted >>> 1;
        }
        return product;
    }

    /** The power of x. */
    private static int power(long exponent) {
        int power = ONE;
        int square = X;
        for (long left = exponent; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = product(square, power);
            }
            square = product(square, square);
        }
        return power;
    }
}
