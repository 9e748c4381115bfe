package org.pgark.postgres.wal;

import java.util.Arrays;

/** A set of 32-bit transaction ids, to be read as unsigned. Immutable. */
public final class TransactionIds {
    /** The set without members. */
    public static final TransactionIds EMPTY = new TransactionIds(new int[0]);

    private static final int TO_SIGNED_ORDER = Integer.MIN_VALUE;

    /** Sorted as unsigned numbers, each moved by 2^31 so that the array's order is that of signed ones. */
    private final int[] members;

    private TransactionIds(int[] members) {
        this.members = members;
    }

    /** The set of these ids, in any order, repeated or not. */
    public static TransactionIds of(int... ids) {
        return new TransactionIds(Arrays.stream(ids)
                .map(id -> id ^ TO_SIGNED_ORDER)
                .sorted()
                .distinct()
                .toArray());
    }

    /** Whether the id is a member. */
    public boolean contains(int id) {
        return Arrays.binarySearch(members, id ^ TO_SIGNED_ORDER) >= 0;
    }

    /** How many members there are. */
    public int size() {
        return members.length;
    }

    /** The members, lowest first as unsigned numbers. */
    public int[] toArray() {
        return Arrays.stream(members).map(member -> member ^ TO_SIGNED_ORDER).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransactionIds ids && Arrays.equals(members, ids.members);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(members);
    }

    @Override
    public String toString() {
        return size() + " transactions";
    }
}
