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
        int place = priority.ordinal();
        int preData = SortPriority.PRE_DATA_BOUNDARY.ordinal();
        int postData = SortPriority.POST_DATA_BOUNDARY.ordinal();
        if (place == preData || place == postData) {
            return ANYWHERE;
        }
        return place < preData ? PRE_DATA : place < postData ? DATA : POST_DATA;
    }
}
