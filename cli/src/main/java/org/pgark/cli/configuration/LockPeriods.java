package org.pgark.cli.configuration;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.pgark.repository.BackupLock;
import org.pgark.repository.retention.KeepWindow;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/**
 * For how long a repository locks objects where its own settings do not say it: for the longest recovery window of its
 * clusters and the time until the next backup, since recovery to the window's first instant begins with the backup before it.
 */
final class LockPeriods {
    private static final int UNTIL_NEXT_BACKUP = Math.toIntExact(BackupLock.UNTIL_NEXT_BACKUP.toDays());

    private final ConfigurationValues values;
    private final List<Problem> problems;

    LockPeriods(ConfigurationValues values, List<Problem> problems) {
        this.values = values;
        this.problems = problems;
    }

    /** The settings of a repository's store, with the days that objects are locked if they are locked. */
    StoreSettings settled(String repository, boolean isOnly, StoreSettings settings) {
        if (settings.find(StoreOption.OBJECT_LOCK).isEmpty()
                || settings.find(StoreOption.OBJECT_LOCK_DAYS).isPresent()) {
            return settings;
        }
        OptionalInt days = days(repository, isOnly);
        if (days.isEmpty()) {
            return settings;
        }
        Map<StoreOption, String> all = new EnumMap<>(settings.values());
        all.put(StoreOption.OBJECT_LOCK_DAYS, Integer.toString(days.getAsInt()));
        return new StoreSettings(all);
    }

    private OptionalInt days(String repository, boolean isOnly) {
        // Of a repository that no cluster has yet there is nothing to keep but its name and its keys.
        int days = UNTIL_NEXT_BACKUP;
        for (String cluster : values.names("cluster")) {
            boolean has = values.find(ConfigurationKeys.CLUSTER_REPOSITORY, cluster)
                    .map(names -> names.contains(repository))
                    .orElse(isOnly);
            if (!has) {
                continue;
            }
            Optional<KeepWindow> window = values.find(ConfigurationKeys.KEEP_WINDOW, cluster);
            if (window.isEmpty()) {
                problems.add(new Problem(
                        values.location(ConfigurationKeys.KEEP_WINDOW, cluster),
                        "repository \"" + repository + "\" locks objects, but nothing says for how long: neither \""
                                + ConfigurationKeys.KEEP_WINDOW.path(cluster) + "\" nor \"repository." + repository
                                + "." + StoreOption.OBJECT_LOCK_DAYS.key() + "\" is set",
                        "Set the one or the other."));
                return OptionalInt.empty();
            }
            days = Math.max(days, window.get().mostDays() + UNTIL_NEXT_BACKUP);
        }
        return OptionalInt.of(Math.min(days, StoreSettings.MOST_DAYS));
    }
}
