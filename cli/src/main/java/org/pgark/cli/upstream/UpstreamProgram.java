package org.pgark.cli.upstream;

/** A program that has the name, the options and the messages of one of PostgreSQL's. */
public interface UpstreamProgram {
    /** Its name, for example {@code pg_dump}. */
    String name();

    /** What {@code --help} prints: lines of at most 95 characters, the last one ended. */
    String help();

    /**
     * Does the work and returns the exit code. {@code --help} and {@code --version} as the first word have been answered
     * before.
     *
     * @throws UsageException if the words are wrong: GNU's message and the hint at {@code --help} are printed, exit code 1
     * @throws ProgramException if it cannot go on: its lines are printed
     * @throws Exception likewise; the message is printed as an error, exit code 1
     */
    int run(ProgramRun run) throws Exception;

    /**
     * Whether Ctrl-C and SIGTERM make it say {@code terminated by user} and nothing else, with exit code 1, as pg_dump does;
     * else it ends silently with 130, unless it returns by itself with a code of its own.
     */
    default boolean saysThatItWasTerminated() {
        return false;
    }
}
