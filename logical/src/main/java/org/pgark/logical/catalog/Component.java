package org.pgark.logical.catalog;

/** The parts of an object that can be dumped or left out each by itself. */
public enum Component {
    DEFINITION(1),
    DATA(1 << 1),
    COMMENT(1 << 2),
    SECURITY_LABEL(1 << 3),
    PRIVILEGES(1 << 4),
    POLICY(1 << 5),
    USER_MAPPING(1 << 6),
    STATISTICS(1 << 7);

    private final int bit;

    Component(int bit) {
        this.bit = bit;
    }

    /** What stands for it in a {@link Components}. */
    int bit() {
        return bit;
    }
}
