package org.pgark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pgark.cli.output.Words;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.several.Backlog;

/** The checks of several repositories together. */
final class SeveralChecks {
    private final List<ClusterContext> all = new ArrayList<>();
    private final CheckReport report;

    SeveralChecks(ClusterContext nearest, List<ClusterContext> others, CheckReport report) {
        all.add(nearest);
        all.addAll(others);
        this.report = report;
    }

    void run() {
        List<Clusters.Opened> opened = new ArrayList<>();
        for (ClusterContext one : all) {
            try {
                opened.add(new Clusters.Opened(one.settings().repository().name(), one.repository()));
            } catch (IOException e) {
                report.warning(
                        "WAL of " + one.settings().repository().name(),
                        "not compared, since the repository cannot be opened",
                        "");
            }
        }
        try {
            WalFilling filling = new WalFilling(all.getFirst().name(), opened);
            for (Clusters.Opened place : opened) {
                compare(place, filling);
            }
        } catch (RefusedException e) {
            report.failed(
                    "repositories", String.valueOf(e.getMessage()), e.hint().orElse(""));
        }
    }

    private void compare(Clusters.Opened place, WalFilling filling) {
        String name = "WAL of " + place.name();
        try {
            long files = 0;
            for (WalFilling.Lack lack : filling.lacks(place)) {
                Backlog backlog = lack.backlog();
                files += backlog.missing().size();
            }
            if (files == 0) {
                report.ok(name, "has everything that the others have");
            } else {
                report.warning(
                        name,
                        "lacks " + Words.count(files, "file") + " that others have",
                        "The archive worker brings them; \"pgark wal fill\" does so now.");
            }
        } catch (IOException e) {
            report.failed(name, String.valueOf(e.getMessage()), "");
        }
    }
}
