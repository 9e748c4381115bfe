package org.pgark.cli.configuration;

/** What counts where a key is not set. */
sealed interface DefaultValue {
    /** What the documentation says about it. */
    String description();

    /**
     * Always the same value.
     *
     * @param text as it would be written
     */
    record Fixed(String text) implements DefaultValue {
        @Override
        public String description() {
            return text.isEmpty() ? "empty" : "`" + text + "`";
        }
    }

    /**
     * Something that depends on the surroundings, or nothing.
     *
     * @param description in words
     */
    record Described(String description) implements DefaultValue {}
}
