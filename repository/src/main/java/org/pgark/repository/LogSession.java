package org.pgark.repository;

import java.time.Instant;
import java.util.List;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.json.JsonObject;
import tools.jackson.core.JsonGenerator;

/**
 * Somebody who said in the log that he began to make or read a backup, and not yet that he is done.
 *
 * @param id names the session
 * @param entry the number of the entry that began it
 * @param kind what is done
 * @param origin which server a backup is taken of; empty for readers
 * @param process who does it
 * @param time when it began, by the clock of its host
 * @param pins the ids of the backups that must stay readable for it
 */
record LogSession(
        String id,
        long entry,
        SessionKind kind,
        String origin,
        SessionProcess process,
        Instant time,
        List<String> pins) {
    LogSession {
        pins = List.copyOf(pins);
    }

    /** Writes all but the entry's number and time, which the log knows by itself. */
    void write(JsonGenerator target) {
        target.writeStringProperty("session", id);
        target.writeStringProperty("what", kind.word());
        target.writeStringProperty("origin", origin);
        target.writeStringProperty("host", process.host());
        target.writeNumberProperty("pid", process.pid());
        target.writeNumberProperty("process_started", process.started());
        target.writeArrayPropertyStart("pins");
        pins.forEach(target::writeString);
        target.writeEndArray();
    }

    static LogSession read(JsonObject source, long entry, Instant time) throws MalformedBytesException {
        String what = source.text("what");
        return new LogSession(
                source.text("session"),
                entry,
                SessionKind.ofWord(what)
                        .orElseThrow(() -> new MalformedBytesException("a session of unknown kind \"" + what + "\"")),
                source.text("origin"),
                new SessionProcess(source.text("host"), source.number("pid"), source.number("process_started")),
                time,
                source.textList("pins"));
    }

    /** The session in words. */
    String describe() {
        return "a " + kind.word() + " on host " + process.host() + " (process " + process.pid() + ") since " + time;
    }
}
