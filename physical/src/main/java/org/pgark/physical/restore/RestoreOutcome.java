package org.pgark.physical.restore;

/**
 * What a restore did.
 *
 * @param files how many files the cluster has
 * @param bytes their size
 * @param writtenBytes how much of it was written
 * @param keptBytes how much of it was there already, or is zero bytes that were left out of the file
 * @param removed how many files and directories were removed because they do not belong
 * @param rescuedFrames how many frames were damaged and their content was taken from other packs
 */
public record RestoreOutcome(
        long files, long bytes, long writtenBytes, long keptBytes, long removed, int rescuedFrames) {}
