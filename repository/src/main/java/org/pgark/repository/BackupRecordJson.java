package org.pgark.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.frame.Codec;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.manifest.StreamRoot;
import tools.jackson.core.JsonGenerator;

/** Backup records as JSON. */
final class BackupRecordJson {
    private BackupRecordJson() {}

    static void write(BackupRecord backup, JsonGenerator target) {
        target.writeStringProperty("id", backup.id().value());
        target.writeStringProperty("kind", backup.kind().word());
        backup.basis().base().ifPresent(base -> target.writeStringProperty("base", base.value()));
        target.writeStringProperty("changes", backup.basis().changes().word());
        target.writeNumberProperty("turn", backup.basis().turn());
        writeTexts("labels", backup.labels(), target);
        target.writeStringProperty("note", backup.note());
        target.writeStringProperty("pgark_version", backup.pgarkVersion());
        target.writeStringProperty("compression", backup.compression().toString());
        target.writeStringProperty("start_time", backup.startTime().toString());
        target.writeStringProperty("stop_time", backup.stopTime().toString());
        writeWal(backup.wal(), target);
        writeServer(backup.server(), target);
        writeSize(backup.size(), target);
        writeRoot("manifest", backup.manifest(), target);
        backup.relationNames().ifPresent(root -> writeRoot("relation_names", root, target));
    }

    private static void writeTexts(String name, Map<?, String> texts, JsonGenerator target) {
        target.writeObjectPropertyStart(name);
        texts.forEach((key, text) -> target.writeStringProperty(
                key instanceof Integer number ? Integer.toUnsignedString(number) : key.toString(), text));
        target.writeEndObject();
    }

    private static void writeWal(BackupRecord.WalSpan wal, JsonGenerator target) {
        target.writeObjectPropertyStart("wal");
        target.writeStringProperty("start_lsn", wal.startLsn().toString());
        target.writeStringProperty("redo_lsn", wal.redoLsn().toString());
        target.writeStringProperty("stop_lsn", wal.stopLsn().toString());
        target.writeStringProperty("start_timeline", wal.startTimeline().toHex());
        target.writeStringProperty("stop_timeline", wal.stopTimeline().toHex());
        target.writeStringProperty("first_segment", wal.first().toString());
        target.writeStringProperty("last_segment", wal.last().toString());
        target.writeNumberProperty("segment_size", wal.segmentSize().bytes());
        wal.carriedFrom().ifPresent(segment -> target.writeStringProperty("carried_from", segment.toString()));
        wal.standby().ifPresent(end -> {
            target.writeStringProperty("last_record", end.lastRecord().toString());
            target.writeStringProperty("last_commit", end.lastCommit().toString());
        });
        target.writeEndObject();
    }

    private static void writeServer(BackupRecord.Server server, JsonGenerator target) {
        target.writeObjectPropertyStart("server");
        target.writeStringProperty("version", server.version());
        target.writeNumberProperty("major", server.major().number());
        target.writeStringProperty(
                "system_identifier", server.systemIdentifier().toString());
        target.writeNumberProperty("checksum_version", server.checksumVersion());
        target.writeBooleanProperty("standby", server.standby());
        target.writeStringProperty("host", server.host());
        target.writeStringProperty("data_directory", server.dataDirectory());
        writeTexts("users", server.users(), target);
        writeTexts("groups", server.groups(), target);
        target.writeArrayPropertyStart("tablespaces");
        for (BackupRecord.Tablespace tablespace : server.tablespaces()) {
            target.writeStartObject();
            target.writeNumberProperty("oid", tablespace.oid());
            target.writeStringProperty("name", tablespace.name());
            target.writeStringProperty("path", tablespace.path());
            target.writeEndObject();
        }
        target.writeEndArray();
        server.walDirectory().ifPresent(place -> target.writeStringProperty("wal_directory", place));
        target.writeEndObject();
    }

    private static void writeSize(BackupRecord.Size size, JsonGenerator target) {
        target.writeObjectPropertyStart("size");
        target.writeNumberProperty("files", size.files());
        target.writeNumberProperty("raw_bytes", size.rawBytes());
        target.writeNumberProperty("stored_bytes", size.storedBytes());
        target.writeNumberProperty("packs", size.packs());
        target.writeNumberProperty("damaged_pages", size.damagedPages());
        target.writeEndObject();
    }

    private static void writeRoot(String name, StreamRoot root, JsonGenerator target) {
        target.writeObjectPropertyStart(name);
        target.writeStringProperty("pack", root.root().pack().toString());
        target.writeNumberProperty("frame", root.root().frame());
        target.writeNumberProperty("offset", root.root().offset());
        target.writeNumberProperty("stored_length", root.root().storedLength());
        target.writeNumberProperty("raw_length", root.root().rawLength());
        target.writeStringProperty("codec", root.root().codec().name().toLowerCase(Locale.ROOT));
        target.writeNumberProperty("entries", root.entries());
        target.writeEndObject();
    }

    static BackupRecord read(JsonObject source) throws MalformedBytesException {
        try {
            Optional<JsonObject> relationNames = source.optionalObject("relation_names");
            return new BackupRecord(
                    new BackupId(source.text("id")),
                    readBasis(source),
                    source.texts("labels"),
                    source.text("note"),
                    source.text("pgark_version"),
                    Compression.parse(source.text("compression")),
                    source.time("start_time"),
                    source.time("stop_time"),
                    readWal(source.object("wal")),
                    readServer(source.object("server")),
                    readSize(source.object("size")),
                    readRoot(source.object("manifest")),
                    relationNames.isPresent() ? Optional.of(readRoot(relationNames.get())) : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(String.valueOf(e.getMessage()));
        }
    }

    private static BackupRecord.Basis readBasis(JsonObject source) throws MalformedBytesException {
        BackupRecord.Basis basis = new BackupRecord.Basis(
                source.has("base") ? Optional.of(new BackupId(source.text("base"))) : Optional.empty(),
                ChangeSource.ofWord(source.text("changes")),
                source.integer("turn"));
        BackupKind kind = BackupKind.ofWord(source.text("kind"));
        if ((kind == BackupKind.INCREMENTAL) != basis.base().isPresent()) {
            throw new MalformedBytesException("a backup of kind " + kind.word() + " with base " + basis.base());
        }
        return basis;
    }

    private static BackupRecord.WalSpan readWal(JsonObject source) throws MalformedBytesException {
        Optional<String> carriedFrom = source.optionalText("carried_from");
        return new BackupRecord.WalSpan(
                Lsn.parse(source.text("start_lsn")),
                Lsn.parse(source.text("redo_lsn")),
                Lsn.parse(source.text("stop_lsn")),
                Timeline.parseHex(source.text("start_timeline")),
                Timeline.parseHex(source.text("stop_timeline")),
                WalSegmentName.parse(source.text("first_segment")),
                WalSegmentName.parse(source.text("last_segment")),
                new WalSegmentSize(source.integer("segment_size")),
                carriedFrom.map(WalSegmentName::parse),
                source.has("last_record")
                        ? Optional.of(new BackupRecord.StandbyEnd(
                                Lsn.parse(source.text("last_record")), source.time("last_commit")))
                        : Optional.empty());
    }

    private static BackupRecord.Server readServer(JsonObject source) throws MalformedBytesException {
        List<BackupRecord.Tablespace> tablespaces = new ArrayList<>();
        for (JsonObject tablespace : source.objects("tablespaces")) {
            tablespaces.add(new BackupRecord.Tablespace(
                    tablespace.number("oid"), tablespace.text("name"), tablespace.text("path")));
        }
        return new BackupRecord.Server(
                source.text("version"),
                PostgresMajor.of(source.integer("major")),
                SystemIdentifier.parse(source.text("system_identifier")),
                source.integer("checksum_version"),
                source.flag("standby"),
                source.text("host"),
                source.text("data_directory"),
                numbered(source.texts("users")),
                numbered(source.texts("groups")),
                tablespaces,
                source.optionalText("wal_directory"));
    }

    private static Map<Integer, String> numbered(Map<String, String> texts) {
        Map<Integer, String> numbered = new TreeMap<>();
        texts.forEach((key, text) -> numbered.put(Integer.parseUnsignedInt(key), text));
        return numbered;
    }

    private static BackupRecord.Size readSize(JsonObject source) throws MalformedBytesException {
        return new BackupRecord.Size(
                source.number("files"),
                source.number("raw_bytes"),
                source.number("stored_bytes"),
                source.integer("packs"),
                source.number("damaged_pages"));
    }

    private static StreamRoot readRoot(JsonObject source) throws MalformedBytesException {
        return new StreamRoot(
                new FrameAddress(
                        ObjectId.parse(source.text("pack")),
                        source.integer("frame"),
                        source.number("offset"),
                        source.integer("stored_length"),
                        source.integer("raw_length"),
                        Codec.valueOf(source.text("codec").toUpperCase(Locale.ROOT))),
                source.number("entries"));
    }
}
