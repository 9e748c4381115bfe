package org.pgark.logical.catalog;

/** The parts of an object that can be dumped or left out each by itself. */
public enum Component {
    DEFINITION,
    DATA,
    COMMENT,
    SECURITY_LABEL,
    PRIVILEGES,
    POLICY,
    USER_MAPPING,
    STATISTICS
}
