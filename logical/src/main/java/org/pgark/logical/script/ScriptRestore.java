package org.pgark.logical.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.restore.ServerConnections;
import org.pgark.logical.restore.StatementPosition;
import org.pgark.postgres.connection.ByteText;
import org.pgark.postgres.wire.Answer;
import org.pgark.postgres.wire.CopyIn;
import org.pgark.postgres.wire.Exchange;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;

/** Runs a plain script on a server. For one thread. */
public final class ScriptRestore implements AutoCloseable {
    private final ServerConnections connections;
    private final ArchiveMessages messages;
    private final boolean endsWithFirstError;
    private final RestrictedMode restricted = new RestrictedMode();
    private WireConnection connection;
    private Predicate<String> needless = statement -> false;
    private int errors;

    /** @param endsWithFirstError whether the first error ends the restore; else errors are counted */
    public ScriptRestore(ServerConnections connections, ArchiveMessages messages, boolean endsWithFirstError)
            throws IOException {
        this.connections = connections;
        this.messages = messages;
        this.endsWithFirstError = endsWithFirstError;
        this.connection = connections.open(Optional.empty());
    }

    /** Leaves out the statements of which this says that they are not needed. */
    public ScriptRestore passOver(Predicate<String> statements) {
        this.needless = statements;
        return this;
    }

    /**
     * Runs all of it, and gives the number of errors that were passed over.
     *
     * @param inOneTransaction whether all of it is done or nothing
     */
    public int run(InputStream script, boolean inOneTransaction) throws IOException {
        ScriptInput in = new ScriptInput(script);
        ScriptLexer lexer = new ScriptLexer(in, this::hasStandardStrings);
        if (inOneTransaction) {
            connection.execute("BEGIN");
        }
        for (Optional<ScriptPart> part = lexer.next(); part.isPresent(); part = lexer.next()) {
            switch (part.get()) {
                case ScriptPart.Statement(String text) -> execute(text, in);
                case ScriptPart.Command(String name, String arguments) -> {
                    if (inOneTransaction && (name.equals("connect") || name.equals("c"))) {
                        throw new ArchiveException("line " + in.line()
                                + " of the script goes to another database, which one transaction cannot");
                    }
                    obey(name, arguments, in.line());
                }
            }
        }
        if (inOneTransaction) {
            connection.execute("COMMIT");
        }
        return errors;
    }

    private boolean hasStandardStrings() {
        return connection.parameter("standard_conforming_strings").orElse("on").equals("on");
    }

    private String decoded(String text) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), connection.charset());
    }

    private void obey(String name, String arguments, int line) throws IOException {
        if (restricted.isOn() && !name.equals("unrestrict")) {
            throw new ArchiveException("line " + line + " of the script: \\" + name
                    + ": backslash commands are restricted; only \\unrestrict is allowed");
        }
        switch (name) {
            case "restrict" -> restricted.begin(arguments);
            case "unrestrict" -> restricted.end(arguments);
            case "connect", "c" -> {
                String database =
                        ByteText.decode(ConnectArguments.database(arguments).getBytes(StandardCharsets.ISO_8859_1));
                connection.close();
                connection = connections.open(Optional.of(database));
            }
            case "encoding" ->
                connection.execute("SELECT pg_catalog.set_config('client_encoding', '" + arguments.replace("'", "''")
                        + "', false)");
            case "." -> {
                // The end of COPY data that the server refused.
            }
            default ->
                throw new ArchiveException(
                        "line " + line + " of the script: \\" + name + " is no command that a dump needs");
        }
    }

    private void execute(String text, ScriptInput in) throws IOException {
        String statement = decoded(text);
        if (needless.test(statement.strip())) {
            messages.debug("not needed: " + statement);
            return;
        }
        boolean copied = false;
        try (Exchange exchange = connection.send(statement)) {
            for (Optional<Answer> answer = exchange.next(); answer.isPresent(); answer = exchange.next()) {
                if (answer.get() instanceof CopyIn copy) {
                    copied = true;
                    copyIn(copy, in);
                }
            }
        } catch (ServerErrorException e) {
            if (connection.isClosed()) {
                throw new ArchiveException("could not execute query: " + e.getMessage(), e);
            }
            report(e, statement);
            if (!copied
                    && statement.stripLeading().regionMatches(true, 0, "copy ", 0, 5)
                    && statement.toLowerCase(java.util.Locale.ROOT).contains("from stdin")) {
                in.restOfLine();
                in.copyData(OutputStream.nullOutputStream());
            }
        }
    }

    private static void copyIn(CopyIn copy, ScriptInput in) throws IOException {
        in.restOfLine();
        Refusable out = new Refusable(copy);
        boolean whole = in.copyData(out);
        if (out.refusal.isPresent()) {
            throw out.refusal.get();
        }
        if (!whole) {
            copy.close();
            throw new ArchiveException("the script ends inside the data of a COPY");
        }
        copy.commit();
    }

    private void report(ServerErrorException e, String statement) throws ArchiveException {
        String text =
                "could not execute query: " + StatementPosition.withLine(e, statement) + "Command was: " + statement;
        if (endsWithFirstError) {
            throw new ArchiveException(text, e);
        }
        messages.error(text);
        errors++;
    }

    @Override
    public void close() {
        connection.close();
    }

    /** Takes data that the server has refused to the end, since the script goes on behind it. */
    private static final class Refusable extends OutputStream {
        private final CopyIn copy;
        private Optional<ServerErrorException> refusal = Optional.empty();

        Refusable(CopyIn copy) {
            super();
            this.copy = copy;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (refusal.isEmpty()) {
                try {
                    copy.write(source, offset, length);
                } catch (ServerErrorException e) {
                    refusal = Optional.of(e);
                }
            }
        }
    }
}
