package org.pgark.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the configuration says of a store besides its URL.
 *
 * @param values as they were written
 */
public record StoreSettings(Map<StoreOption, String> values) {
    /** Nothing is said. */
    public static final StoreSettings NONE = new StoreSettings(Map.of());

    /** How many transfers run at the same time where nothing is said. */
    public static final int PARALLEL = 4;

    /** The most transfers at the same time. */
    public static final int MOST_PARALLEL = 64;

    /** Size of a part in bytes where nothing is said. */
    public static final int PART_SIZE = 8 << 20;

    /** The most days that an option may say. */
    public static final int MOST_DAYS = 36_500;

    private static final int LEAST_PART_SIZE = 5 << 20;
    private static final int MOST_PART_SIZE = 1 << 30;

    public StoreSettings {
        values = values.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(values));
    }

    /** The value of an option, if it is set. */
    public Optional<String> find(StoreOption option) {
        return Optional.ofNullable(values.get(option));
    }

    /** Whether an option is set to {@code true}. */
    public boolean isOn(StoreOption option) {
        String value = values.getOrDefault(option, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(option, value, "must be \"true\" or \"false\"");
        };
    }

    /** How many transfers run at the same time. */
    public int parallel() {
        return number(StoreOption.PARALLEL, PARALLEL, 1, MOST_PARALLEL);
    }

    /** Size of a part in bytes. */
    public int partSize() {
        return number(StoreOption.PART_SIZE, PART_SIZE, LEAST_PART_SIZE, MOST_PART_SIZE);
    }

    /** How many days an option says. */
    public Optional<Duration> days(StoreOption option) {
        return find(option).isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofDays(number(option, 1, 1, MOST_DAYS)));
    }

    /** How many bytes a second an option allows, by the time of day. */
    public RateSchedule rate(StoreOption option) {
        return find(option).map(RateSchedule::parse).orElse(RateSchedule.NONE);
    }

    private int number(StoreOption option, int unset, int least, int most) {
        String value = values.getOrDefault(option, Integer.toString(unset));
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid(option, value, "must be a number from " + least + " to " + most);
        }
        throw invalid(option, value, "must be a number from " + least + " to " + most);
    }

    /**
     * A file that an option names, which may be renewed while the store is open.
     *
     * @throws IOException if the file cannot be read, which is said with the option's name
     */
    public Optional<RenewedFile> renewedFile(StoreOption option) throws IOException {
        Optional<String> file = find(option);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(RenewedFile.read(Path.of(file.get())));
        } catch (IOException e) {
            throw unreadable(option, file.get(), e);
        }
    }

    private static IOException unreadable(StoreOption option, String file, IOException cause) {
        return new IOException(
                "cannot read \"" + file + "\", which \"" + option.key() + "\" names: " + Failures.reason(cause), cause);
    }

    /**
     * The content of a file that an option names, without the line feed at its end.
     *
     * @throws IOException if the file cannot be read, which is said with the option's name
     */
    public Optional<String> fileContent(StoreOption option) throws IOException {
        Optional<String> file = find(option);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(Path.of(file.get())).strip());
        } catch (IOException e) {
            throw unreadable(option, file.get(), e);
        }
    }

    private static IllegalArgumentException invalid(StoreOption option, String value, String form) {
        return new IllegalArgumentException("invalid value \"" + value + "\" of \"" + option.key() + "\", " + form);
    }
}
