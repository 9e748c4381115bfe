package org.pgark.repository.collect;

import java.util.Optional;
import org.pgark.repository.manifest.StreamRoot;

/**
 * A backup whose frames are needed: it exists, or somebody who has begun to read it is not done.
 *
 * @param id its id
 * @param manifest where its manifest begins
 * @param relationNames where the names of its relations begin
 */
public record NeededBackup(String id, StreamRoot manifest, Optional<StreamRoot> relationNames) {}
