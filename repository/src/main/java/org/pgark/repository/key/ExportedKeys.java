package org.pgark.repository.key;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.json.JsonText;

/**
 * A key ring outside of its repository, in plain text: what a safe is for.
 *
 * @param repositoryId whose it is
 * @param revision of the ring
 * @param exported when it was written
 * @param ring what it holds
 */
public record ExportedKeys(String repositoryId, long revision, Instant exported, KeyRing ring) {
    private static final int FORMAT = 1;
    private static final String CHECKSUM = ",\"crc32c\":";

    /** A line of JSON. */
    public String text() {
        byte[] ringBytes = ring.encode();
        String head = new String(
                JsonText.object(json -> {
                    json.writeNumberProperty("pgark_keys", FORMAT);
                    json.writeStringProperty("repository_id", repositoryId);
                    json.writeNumberProperty("revision", revision);
                    json.writeStringProperty("exported", exported.toString());
                }),
                StandardCharsets.UTF_8);
        String body =
                head.substring(0, head.length() - 1) + ",\"ring\":" + new String(ringBytes, StandardCharsets.UTF_8);
        return body + CHECKSUM + checksum(body) + "}";
    }

    private static long checksum(String body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body.getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }

    /** Reads the line back. */
    static ExportedKeys parse(String line) throws MalformedBytesException {
        int end = line.lastIndexOf(CHECKSUM);
        if (end < 0 || !line.substring(end).equals(CHECKSUM + checksum(line.substring(0, end)) + "}")) {
            throw new MalformedBytesException("it does not match its checksum");
        }
        JsonObject json = JsonObject.parse(line.getBytes(StandardCharsets.UTF_8));
        if (json.number("pgark_keys") != FORMAT) {
            throw new MalformedBytesException("it was written by a newer version of pgark");
        }
        return new ExportedKeys(
                json.text("repository_id"),
                json.number("revision"),
                json.time("exported"),
                KeyRing.decode(json.object("ring")));
    }
}
