package org.pgark.cli.configuration;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/** The keys of {@code [repository.NAME]} that stores read, made of the stores' own declarations. */
final class StoreKeys {
    private static final DefaultValue NONE = new DefaultValue.Described("none");

    private static final Map<StoreOption, ConfigurationKey<?>> KEYS = keys();

    private StoreKeys() {}

    static List<ConfigurationKey<?>> all() {
        return List.copyOf(KEYS.values());
    }

    /** What is set of them for one repository. */
    static StoreSettings settings(ConfigurationValues values, String name) {
        Map<StoreOption, String> set = new EnumMap<>(StoreOption.class);
        KEYS.forEach((option, key) -> values.find(key, name).ifPresent(value -> set.put(option, text(value))));
        return new StoreSettings(set);
    }

    private static String text(Object value) {
        return value instanceof ByteSize size ? Long.toString(size.bytes()) : value.toString();
    }

    private static Map<StoreOption, ConfigurationKey<?>> keys() {
        Map<StoreOption, ConfigurationKey<?>> keys = new EnumMap<>(StoreOption.class);
        Arrays.stream(StoreOption.values()).forEach(option -> keys.put(option, key(option)));
        return keys;
    }

    private static ConfigurationKey<?> key(StoreOption option) {
        return switch (option.form()) {
            case TEXT -> new ConfigurationKey<>(path(option), ValueType.anyText(), NONE, option.help());
            case FILE -> new ConfigurationKey<>(path(option), ValueType.folder(), NONE, option.help());
            case FLAG ->
                new ConfigurationKey<>(
                        path(option), ValueType.flag(), new DefaultValue.Described("`false`"), option.help());
            case COUNT ->
                new ConfigurationKey<>(
                        path(option),
                        ValueType.wholeNumber(1, StoreSettings.MOST_PARALLEL),
                        new DefaultValue.Fixed(Integer.toString(StoreSettings.PARALLEL)),
                        option.help());
            case DAYS ->
                new ConfigurationKey<>(
                        path(option), ValueType.wholeNumber(1, StoreSettings.MOST_DAYS), NONE, option.help());
            case RATE ->
                new ConfigurationKey<>(
                        path(option), ValueType.rate(), new DefaultValue.Described("no limit"), option.help());
            case SIZE ->
                new ConfigurationKey<>(
                        path(option),
                        ValueType.byteSize("5MiB", "1GiB"),
                        new DefaultValue.Fixed(new ByteSize(StoreSettings.PART_SIZE).toString()),
                        option.help());
        };
    }

    private static String path(StoreOption option) {
        return "repository.NAME." + option.key();
    }
}
