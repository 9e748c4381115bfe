package org.pgark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.several.Backlog;
import org.pgark.physical.several.WalFill;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;

/** What the repositories of one cluster lack of each other's WAL, by command. */
final class WalFilling {
    private static final int PARALLEL = 4;

    private final String cluster;
    private final List<Clusters.Opened> places;

    /** @param places all that can be opened */
    WalFilling(String cluster, List<Clusters.Opened> places) throws RefusedException {
        this.cluster = cluster;
        this.places = List.copyOf(places);
        Repositories.refuseTwins(places);
    }

    /**
     * What one repository lacks of one incarnation.
     *
     * @param target the repository
     * @param backlog what the others have
     */
    record Lack(ClusterRepository target, Backlog backlog) {}

    /** Likewise, of all incarnations that it knows. */
    List<Lack> lacks(Clusters.Opened place) throws IOException {
        List<Lack> lacks = new ArrayList<>();
        for (Incarnation incarnation : place.repository().cluster(cluster).incarnations()) {
            List<ClusterRepository> others = new ArrayList<>();
            for (Clusters.Opened other : places) {
                if (!other.name().equals(place.name())) {
                    Optional<Incarnation> same =
                            other.repository().cluster(cluster).of(incarnation.systemIdentifier());
                    same.ifPresent(found -> others.add(other.repository().open(found)));
                }
            }
            ClusterRepository target = place.repository().open(incarnation);
            lacks.add(new Lack(target, Backlog.of(target, others)));
        }
        return lacks;
    }

    /**
     * What a fill came to.
     *
     * @param brought how many files were brought
     * @param left how many are still missing
     */
    record Sum(long brought, long left) {}

    /** Brings one repository what it lacks. */
    Sum fill(Clusters.Opened place, Output output) throws IOException, InterruptedException {
        long brought = 0;
        long left = 0;
        for (Lack lack : lacks(place)) {
            WalFill.Outcome outcome = new WalFill(lack.target(), PARALLEL, output::warning).run(lack.backlog());
            brought += outcome.brought();
            left += outcome.left();
        }
        if (brought > 0) {
            output.line("cluster " + cluster + ": brought " + Words.count(brought, "WAL file") + " to repository "
                    + place.name());
        }
        return new Sum(brought, left);
    }
}
