package org.pgark.storage.gcs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.bucket.LockedKeyException;
import org.pgark.storage.bucket.Retained;

/**
 * What keeps objects of a bucket from being removed or replaced: a retention of their own, which pgark sets, and what the
 * bucket's administrator set, which is a retention of the bucket and holds.
 */
final class GcsLocks {

    private final GcsRequests requests;
    private final GcsAddresses addresses;

    GcsLocks(GcsRequests requests, GcsAddresses addresses) {
        this.requests = requests;
        this.addresses = addresses;
    }

    /** What the service says of an object; empty if there is none. */
    private Optional<JsonObject> describe(String key) throws IOException {
        Map<String, String> query = Map.of("fields", "retention,retentionExpirationTime,temporaryHold,eventBasedHold");
        return requests.send(
                HttpRequest.newBuilder(addresses.object(key, query)).GET(), (answer, _) -> {
                    if (answer.status() == GcsAnswer.NOT_FOUND) {
                        return Optional.empty();
                    }
                    if (!answer.isDone()) {
                        throw answer.refusal();
                    }
                    return Optional.of(answer.json());
                });
    }

    private static Optional<Instant> until(JsonObject described) {
        JsonObject own = described.getAsJsonObject("retention");
        return Stream.of(
                        own == null ? Optional.<Instant>empty() : time(own.get("retainUntilTime")),
                        time(described.get("retentionExpirationTime")))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    private static Optional<Instant> time(@Nullable JsonElement text) {
        return Optional.ofNullable(text)
                .map(said -> OffsetDateTime.parse(said.getAsString()).toInstant());
    }

    private static boolean isHeld(JsonObject described) {
        return Stream.of("temporaryHold", "eventBasedHold")
                .anyMatch(hold -> described.has(hold) && described.get(hold).getAsBoolean());
    }

    /** Sees to it that an object is locked at least until an instant. */
    Retained retain(String key, Instant atLeast, ObjectLock lock) throws IOException {
        Optional<JsonObject> described = describe(key);
        if (described.isEmpty()) {
            return Retained.ABSENT;
        }
        if (until(described.get()).filter(end -> !end.isBefore(atLeast)).isPresent()) {
            return Retained.ALREADY;
        }
        JsonObject change = new JsonObject();
        change.add("retention", GcsObjectProperties.retention(lock));
        return requests.send(
                HttpRequest.newBuilder(addresses.object(key, Map.of()))
                        .header("Content-Type", "application/json; charset=UTF-8")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(change.toString())),
                (answer, _) -> {
                    if (answer.status() == GcsAnswer.NOT_FOUND) {
                        return Retained.ABSENT;
                    }
                    if (!answer.isDone()) {
                        throw answer.refusal();
                    }
                    return Retained.RENEWED;
                });
    }

    /** The failure that a refused deletion is: the service says by the same status that it is locked, and who may not. */
    IOException refusedDeletion(String key, IOException refusal, int status) throws IOException {
        if (status != GcsAnswer.FORBIDDEN) {
            return refusal;
        }
        Optional<JsonObject> described = describe(key);
        Optional<Instant> until = described.flatMap(GcsLocks::until);
        boolean held = described.filter(GcsLocks::isHeld).isPresent();
        boolean locked = held || until.filter(end -> end.isAfter(Instant.now())).isPresent();
        if (!locked) {
            return refusal;
        }
        LockedKeyException failure = new LockedKeyException(held ? Optional.empty() : until);
        failure.initCause(refusal);
        return failure;
    }
}
