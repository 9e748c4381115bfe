package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.List;

/** The keys of {@code [cluster.NAME.receive]}: how {@code pgark wal receive} works. */
final class ReceiveKeys {
    static final ConfigurationKey<Path> DIRECTORY = new ConfigurationKey<>(
            "cluster.NAME.receive.directory",
            ValueType.folder(),
            new DefaultValue.Described("none; then `wal receive --directory` says it"),
            "Where `pgark wal receive` on this host keeps WAL until the repository has it. `wal get` and `restore` look"
                    + " there, too.");

    static final ConfigurationKey<String> SLOT = new ConfigurationKey<>(
            "cluster.NAME.receive.slot",
            ValueType.matching("[a-z0-9_]{1,63}", "a name of a-z, 0-9 and _"),
            new DefaultValue.Described("none"),
            "The replication slot that makes the server keep WAL while the receiver is away.");

    static final ConfigurationKey<String> FLUSH = new ConfigurationKey<>(
            "cluster.NAME.receive.flush",
            ValueType.choice(List.of("directory", "repository")),
            new DefaultValue.Fixed("directory"),
            "When a synchronous commit goes on: when its WAL is durable in the receiver's directory, or when the"
                    + " repository has it.");

    static final ConfigurationKey<TimeSpan> SAVE_INTERVAL = new ConfigurationKey<>(
            "cluster.NAME.receive.save-interval",
            ValueType.timeSpan("100ms", "1h"),
            new DefaultValue.Fixed("5s"),
            "How often what there is of the running segment is saved to the repository.");

    static final ConfigurationKey<ByteSize> SLOT_WARN = new ConfigurationKey<>(
            "cluster.NAME.receive.slot-warn",
            ValueType.byteSize("0B", "1TiB"),
            new DefaultValue.Fixed("1GiB"),
            "From how much WAL on that the server keeps for the slot the receiver warns; 0B is never.");

    static final ConfigurationKey<ByteSize> SLOT_LIMIT = new ConfigurationKey<>(
            "cluster.NAME.receive.slot-limit",
            ValueType.byteSize("0B", "1TiB"),
            new DefaultValue.Fixed("0B"),
            "From how much on the receiver drops its slot and ends, if it does not become less within 30 seconds, so that"
                    + " the server's disk does not fill up; 0B is never. Only a receiver that runs can do that: set max_slot_wal_keep_size on the server, too.");

    private ReceiveKeys() {}

    static List<ConfigurationKey<?>> all() {
        return List.of(DIRECTORY, SLOT, FLUSH, SAVE_INTERVAL, SLOT_WARN, SLOT_LIMIT);
    }

    static ReceiveConfiguration configuration(ConfigurationValues values, String cluster) {
        return new ReceiveConfiguration(
                values.find(DIRECTORY, cluster),
                values.find(SLOT, cluster),
                values.get(FLUSH, cluster).equals("repository"),
                values.get(SAVE_INTERVAL, cluster),
                values.get(SLOT_WARN, cluster),
                values.get(SLOT_LIMIT, cluster));
    }
}
