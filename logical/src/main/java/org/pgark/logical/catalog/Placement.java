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
        int preData = priority.compareTo(SortPriority.PRE_DATA_BOUNDARY);
        int postData = priority.compareTo(SortPriority.POST_DATA_BOUNDARY);
        if (preData == 0 || postData == 0) {
            return ANYWHERE;
        }
        return preData < 0 ? PRE_DATA : postData < 0 ? DATA : POST_DATA;
    }
}
