package org.pgark.logical.catalog;

/** On which side of a dump's boundaries an object stands. */
public enum Placement {
    /** Before the pre-data boundary. */
    PRE_DATA,
    /** Between the boundaries. */
    DATA,
    /** After the post-data boundary. */
    POST_DATA,
    /** Wherever its dependencies put it: it is part of another object's definition, or a boundary itself. */
    ANYWHERE;

    static Placement of(SortPriority priority) {
        if (priority == SortPriority.PRE_DATA_BOUNDARY || priority == SortPriority.POST_DATA_BOUNDARY) {
            return ANYWHERE;
        }
        if (priority.compareTo(SortPriority.PRE_DATA_BOUNDARY) < 0) {
            return PRE_DATA;
        }
        return priority.compareTo(SortPriority.POST_DATA_BOUNDARY) < 0 ? DATA : POST_DATA;
    }
}
