package org.pgark.repository.log;

import java.time.Instant;
import org.pgark.repository.json.JsonObject;
import org.pgark.storage.ObjectName;

/**
 * An entry of a log, read back.
 *
 * @param name the object that holds it
 * @param number its number, from 1
 * @param kind what it says happened
 * @param time when it was written, by the writer's clock
 * @param body what else it says, as its kind has it
 */
public record LogEntry(ObjectName name, long number, String kind, Instant time, JsonObject body) {}
