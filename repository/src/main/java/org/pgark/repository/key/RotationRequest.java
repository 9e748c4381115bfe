package org.pgark.repository.key;

import java.util.List;
import java.util.Set;

/**
 * What changes in a key ring beside its ring key.
 *
 * @param newDataKey whether there is a new data key for what is written from now on
 * @param removed names of recipients who cannot open it any more
 * @param added further recipients; one may have the name of one that is removed
 */
public record RotationRequest(boolean newDataKey, Set<String> removed, List<RepositoryKeys.Named> added) {
    public RotationRequest {
        removed = Set.copyOf(removed);
        added = List.copyOf(added);
    }
}
