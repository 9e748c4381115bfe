package org.pgark.cli.restore;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.logical.archive.ArchiveMessages;

/** Writes the lines of a restore to standard error. */
final class LogMessages implements ArchiveMessages {
    private final ProgramLog log;

    LogMessages(ProgramLog log) {
        this.log = log;
    }

    @Override
    public void warning(String text) {
        log.warning(shown(text));
    }

    @Override
    public void error(String text) {
        log.error(shown(text));
    }

    @Override
    public void info(String text) {
        if (log.writes(ProgramLog.Level.INFO)) {
            log.info(shown(text));
        }
    }

    @Override
    public void debug(String text) {
        if (log.writes(ProgramLog.Level.DEBUG)) {
            log.debug(shown(text));
        }
    }

    /** Names come from archives as bytes, one a character; those that are UTF-8 are shown as what they mean. */
    static String shown(String text) {
        if (text.chars().allMatch(letter -> letter < 0x80) || text.chars().anyMatch(letter -> letter > 0xFF)) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return text;
        }
    }
}
