package org.pgark.repository;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.json.JsonObject;
import tools.jackson.core.JsonGenerator;

/** Incarnations as JSON. */
final class IncarnationJson {
    private IncarnationJson() {}

    static void write(Incarnation incarnation, JsonGenerator target) {
        target.writeStringProperty("id", incarnation.id().value());
        target.writeStringProperty("name", incarnation.name());
        target.writeStringProperty(
                "system_identifier", incarnation.systemIdentifier().toString());
        target.writeNumberProperty("postgres_major", incarnation.major().number());
        target.writeNumberProperty("wal_segment_size", incarnation.segmentSize().bytes());
        target.writeStringProperty("registered", incarnation.registered().toString());
    }

    static Incarnation read(JsonObject source) throws MalformedBytesException {
        try {
            return new Incarnation(
                    new ClusterId(source.text("id")),
                    source.text("name"),
                    SystemIdentifier.parse(source.text("system_identifier")),
                    PostgresMajor.of(source.integer("postgres_major")),
                    new WalSegmentSize(source.integer("wal_segment_size")),
                    source.time("registered"));
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(String.valueOf(e.getMessage()));
        }
    }
}
