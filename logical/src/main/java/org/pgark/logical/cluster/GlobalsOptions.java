package org.pgark.logical.cluster;

/**
 * What of the server's own objects is written.
 *
 * @param emulated the major version whose syntax is written
 * @param passwords whether roles keep their passwords; without them pg_authid need not be readable
 * @param comments whether comments are written
 * @param securityLabels whether security labels are written
 * @param privileges whether privileges are written
 * @param ifExists whether what is dropped need not exist
 */
public record GlobalsOptions(
        int emulated,
        boolean passwords,
        boolean comments,
        boolean securityLabels,
        boolean privileges,
        boolean ifExists) {}
