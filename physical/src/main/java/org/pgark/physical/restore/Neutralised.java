package org.pgark.physical.restore;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgark.postgres.PostgresMajor;
import org.pgark.repository.BackupRecord;

/**
 * A setting of the original that a copy beside it must not have.
 *
 * @param setting its name
 * @param value what the copy has instead
 * @param reason why, for the plan
 */
record Neutralised(String setting, String value, String reason) {
    /** What applies to this restore. */
    static List<Neutralised> of(RestoreRequest request, BackupRecord.Server server) {
        List<Neutralised> all = new java.util.ArrayList<>();
        if (Archiving.isTurnedOff(request)) {
            all.add(new Neutralised(
                    "archive_mode",
                    "off",
                    "so that this copy does not write into the archive of the original"
                            + (request.archiveMode() == ArchiveMode.BY_DIRECTORY
                                    ? " (--archive-mode preserve keeps it)"
                                    : "")));
        }
        if (Archiving.isElsewhere(request)) {
            all.add(new Neutralised("external_pid_file", "", "so that it does not overwrite the one of the original"));
            if (server.major().compareTo(PostgresMajor.V15) < 0) {
                all.add(new Neutralised(
                        "stats_temp_directory", "pg_stat_tmp", "so that it is not shared with the original"));
            }
        }
        if (server.standby() && !request.standby()) {
            all.add(new Neutralised(
                    "recovery_min_apply_delay", "0", "so that recovery does not wait as the standby did"));
        }
        return List.copyOf(all);
    }

    /** The settings with their values, in order. */
    static Map<String, String> settings(List<Neutralised> all) {
        Map<String, String> settings = new LinkedHashMap<>();
        all.forEach(one -> settings.put(one.setting(), one.value()));
        return settings;
    }

    @Override
    public String toString() {
        return setting + " = " + (value.isEmpty() ? "''" : value) + ", " + reason;
    }
}
