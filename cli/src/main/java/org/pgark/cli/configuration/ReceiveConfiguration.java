package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the WAL of a cluster is received on this host.
 *
 * @param directory where it is kept until the repository has it
 * @param slot the replication slot
 * @param flushesToRepository whether WAL counts as safe only when the repository has it
 * @param saveInterval how often the running segment is saved
 * @param slotWarn from how much that the slot keeps there are warnings; 0 for never
 * @param slotLimit from how much on the slot is dropped; 0 for never
 */
public record ReceiveConfiguration(
        Optional<Path> directory,
        Optional<String> slot,
        boolean flushesToRepository,
        TimeSpan saveInterval,
        ByteSize slotWarn,
        ByteSize slotLimit) {}
