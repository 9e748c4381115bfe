package org.pgark.postgres.connection;

import java.util.Map;

/**
 * A URI ({@code postgresql://...}), a list of {@code keyword=value}, or nothing, checked for its form.
 *
 * @param text the text, which may hold a password
 */
public record ConnectionString(String text) {
    /** Says nothing, so that everything comes from variables and defaults. */
    public static final ConnectionString EMPTY = new ConnectionString("");

    /**
     * Checks a text.
     *
     * @throws InvalidConnectionSettingsException if it is no connection string; the message shows none of its values
     */
    public static ConnectionString parse(String text) throws InvalidConnectionSettingsException {
        ConnectionString string = new ConnectionString(text);
        string.options();
        return string;
    }

    /** Whether a password stands in it. */
    public boolean holdsPassword() {
        try {
            return options().keySet().stream().anyMatch(ConnectionOption::isSecret);
        } catch (InvalidConnectionSettingsException e) {
            return true;
        }
    }

    Map<ConnectionOption, String> options() throws InvalidConnectionSettingsException {
        return ConnectionUri.isUri(text) ? ConnectionUri.parse(text) : KeyValueString.parse(text);
    }

    /** The text, unless it holds a password. */
    @Override
    public String toString() {
        return holdsPassword() ? "********" : text;
    }
}
