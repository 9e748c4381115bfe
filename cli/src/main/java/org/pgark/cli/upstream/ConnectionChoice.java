package org.pgark.cli.upstream;

import java.util.Optional;

/**
 * What the options of a program say of its connections.
 *
 * @param database a database, or a connection string, which counts before all else here
 * @param asksPassword whether the password is asked for before the first connection
 * @param neverAsksPassword whether it is never asked for
 */
public record ConnectionChoice(
        Optional<String> database,
        Optional<String> host,
        Optional<String> port,
        Optional<String> user,
        boolean asksPassword,
        boolean neverAsksPassword) {}
