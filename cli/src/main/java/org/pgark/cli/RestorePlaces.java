package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.output.Output;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.restore.FurtherSource;
import org.pgark.physical.restore.Restore;
import org.pgark.physical.restore.RestorePlan;
import org.pgark.physical.restore.RestoreRequest;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;

/** From which of a cluster's repositories a restore reads: the nearest that can do it, and then the next. */
final class RestorePlaces implements AutoCloseable {
    private final ClusterContext cluster;
    private final Output output;
    private final List<ClusterContext> open;
    private final Map<String, Exception> failures = new LinkedHashMap<>();
    private final List<String> unreachable = new ArrayList<>();

    RestorePlaces(ClusterContext cluster, Output output) throws ConfigurationException {
        this.cluster = cluster;
        this.output = output;
        this.open = new ArrayList<>(cluster.each());
    }

    /**
     * A plan that can be carried out.
     *
     * @param place where it reads
     */
    record Chosen(ClusterContext place, RestorePlan plan) {
        String name() {
            return place.settings().repository().name();
        }
    }

    /**
     * The plan of the nearest repository from which the target can be reached, to the end of the archive that of the one
     * whose archive goes farthest.
     */
    Chosen choose(RestoreRequest request) throws IOException, OperationException {
        refuseInsideRepository(request.to());
        List<Chosen> chosen = new ArrayList<>();
        for (ClusterContext place : List.copyOf(open)) {
            boolean first = chosen.isEmpty();
            if (first || request.target() instanceof RecoveryTarget.Latest) {
                plan(place, request).ifPresent(chosen::add);
            }
        }
        if (chosen.isEmpty()) {
            throw failure();
        }
        Chosen best = chosen.stream()
                .reduce((one, other) -> FARTHEST.compare(other, one) > 0 ? other : one)
                .orElseThrow();
        if (cluster.settings().hasSeveralRepositories()) {
            failures.forEach((name, failure) ->
                    output.warning("repository \"" + name + "\" cannot be restored from: " + failure.getMessage()));
        }
        return best;
    }

    private static final Comparator<Chosen> FARTHEST = Comparator.<Chosen>comparingInt(
                    one -> one.plan().recovery().timeline().id())
            .thenComparing(one -> one.plan().recovery().stop());

    private Optional<Chosen> plan(ClusterContext place, RestoreRequest request) throws IOException, RefusedException {
        String name = place.settings().repository().name();
        try {
            ReceivedWal.bringIn(place, output);
            if (!place.isAsOf()) {
                CopyBehind.warning(
                                place.settings().repository(),
                                place.repository().id(),
                                place.newestIncarnation())
                        .ifPresent(output::warning);
            }
            return Optional.of(new Chosen(place, Restore.plan(place.repository(), request)));
        } catch (IOException e) {
            if (!cluster.settings().hasSeveralRepositories()) {
                throw e;
            }
            unreachable.add(name);
            failures.put(name, e);
        } catch (RefusedException e) {
            if (!cluster.settings().hasSeveralRepositories()) {
                throw e;
            }
            failures.put(name, e);
        }
        return Optional.empty();
    }

    /** What one that answers says counts before what one says that does not. */
    private IOException failure() throws IOException, OperationException {
        for (Exception failure : failures.values()) {
            if (failure instanceof OperationException refused) {
                failures.forEach((name, other) -> {
                    if (other != refused) {
                        output.warning("repository \"" + name + "\": " + other.getMessage());
                    }
                });
                throw refused;
            }
        }
        throw (IOException) failures.values().iterator().next();
    }

    private void refuseInsideRepository(Path to) throws RefusedException {
        for (ClusterContext place : open) {
            Optional<Path> directory = place.settings().repository().url().localDirectory();
            if (directory.isPresent() && (directory.get().startsWith(to) || to.startsWith(directory.get()))) {
                throw new RefusedException(
                        "repository_inside",
                        "directory \"" + to + "\" and repository "
                                + place.settings().repository().url() + " lie one in the other",
                        "");
            }
        }
    }

    /** Those beside the chosen one, from which it can be had what is damaged in that. */
    List<FurtherSource> further(Chosen chosen) {
        SystemIdentifier system = chosen.plan().backup().server().systemIdentifier();
        return open.stream()
                .filter(place -> place != chosen.place())
                .map(place -> new FurtherSource(place.settings().repository().name(), () -> opened(place, system)))
                .toList();
    }

    private static ClusterRepository opened(ClusterContext place, SystemIdentifier system)
            throws IOException, OperationException {
        Optional<Incarnation> same = place.repository().cluster(place.name()).of(system);
        if (same.isEmpty()) {
            throw new RefusedException("cluster_not_registered", "it does not keep this cluster", "");
        }
        return place.repository().open(same.get());
    }

    /** Whether there is another one to try. */
    boolean hasNext(Chosen failed) {
        return open.size() > 1 && open.contains(failed.place());
    }

    /** Leaves one out from now on. */
    void giveUp(Chosen failed, OperationException why) throws IOException {
        failures.put(failed.name(), why);
        if (!answers(failed.place())) {
            unreachable.add(failed.name());
        }
        open.remove(failed.place());
        failed.place().close();
    }

    private static boolean answers(ClusterContext place) {
        try {
            place.newestIncarnation().checkPresence();
            return true;
        } catch (IOException | OperationException e) {
            return false;
        }
    }

    /** The repositories that recovery can read, if some of the configured ones could not be reached. */
    Optional<List<String>> readable() {
        List<String> names = cluster.settings().repositories().stream()
                .map(one -> one.name())
                .filter(name -> !unreachable.contains(name))
                .toList();
        return unreachable.isEmpty() || names.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    @Override
    public void close() throws IOException {
        for (ClusterContext place : open) {
            place.close();
        }
    }
}
