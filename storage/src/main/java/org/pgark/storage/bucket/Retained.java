package org.pgark.storage.bucket;

/** What came of seeing to an object's lock. */
public enum Retained {
    /** It was locked for long enough. */
    ALREADY,
    /** Its lock was set or made longer. */
    RENEWED,
    /** There is no such object. */
    ABSENT
}
