package org.pgark.logical.restore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Cuts data that is commands (INSERT, or COMMENT in very old dumps) at their semicolons. There are no comments, dollar
 * quotes or {@code E''} in it, so quotes are all there is to see (ExecuteSimpleCommands of pg_backup_db.c).
 */
final class StatementSplitter extends OutputStream {
    /** Takes a command. */
    interface Commands {
        void run(String command) throws IOException;
    }

    private final Commands commands;
    private final ByteArrayOutputStream command = new ByteArrayOutputStream();
    private final boolean standardStrings;
    private boolean inLiteral;
    private boolean escaped;
    private boolean inIdentifier;

    StatementSplitter(Commands commands, boolean standardStrings) {
        super();
        this.commands = commands;
        this.standardStrings = standardStrings;
    }

    @Override
    public void write(int single) throws IOException {
        byte letter = (byte) single;
        if (letter == '\n' && command.size() == 0) {
            return;
        }
        command.write(letter);
        if (inLiteral && letter == '\\' && !standardStrings) {
            escaped = !escaped;
            return;
        }
        boolean counts = !escaped;
        escaped = false;
        if (letter == '\'' && !inIdentifier && counts) {
            inLiteral = !inLiteral;
        } else if (letter == '"' && !inLiteral) {
            inIdentifier = !inIdentifier;
        } else if (letter == ';' && !inLiteral && !inIdentifier) {
            String text = command.toString(StandardCharsets.ISO_8859_1);
            command.reset();
            commands.run(text);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        for (int index = offset; index < offset + length; index++) {
            write(source[index]);
        }
    }

    @Override
    public void close() throws IOException {
        if (command.size() > 0) {
            throw new org.pgark.logical.archive.ArchiveException(
                    "data ends in the middle of a command -- possibly corrupt archive");
        }
    }
}
