package org.pgark.logical.catalog;

/** An object that normally comes before the data, but can be made after it where a dependency loop asks for that. */
public interface Postponable {
    /** Whether a loop through the data's boundaries may be broken at this object. */
    boolean canBePostponed();

    void postpone();
}
