package org.pgark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.output.Output;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.walreceiver.ReceiverPlaces;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;

/** The repositories of a cluster as a receiver has them open: those that are away, as soon as they are back. */
final class ReceiverRepositories implements AutoCloseable {
    private final ClusterContext cluster;
    private final Output output;
    private final List<ClusterContext> each;

    ReceiverRepositories(ClusterContext cluster, Output output) throws ConfigurationException {
        this.cluster = cluster;
        this.output = output;
        this.each = cluster.each();
    }

    /** All of them, with what the nearest that answers says of the cluster. */
    ReceiverPlaces places() throws IOException, OperationException {
        Incarnation incarnation = incarnation();
        List<ReceiverPlaces.Place> places = new ArrayList<>();
        for (ClusterContext one : each) {
            places.add(new ReceiverPlaces.Place(name(one), () -> opened(one, incarnation)));
        }
        return new ReceiverPlaces(incarnation, places, cluster.settings().requirement());
    }

    private static String name(ClusterContext one) {
        return one.settings().repository().name();
    }

    private Incarnation incarnation() throws IOException, OperationException {
        for (ClusterContext one : each.subList(0, each.size() - 1)) {
            try {
                return one.newestIncarnation().incarnation();
            } catch (IOException | OperationException e) {
                output.warning("repository \"" + name(one) + "\" does not answer: " + e.getMessage());
            }
        }
        return each.getLast().newestIncarnation().incarnation();
    }

    private static ClusterRepository opened(ClusterContext place, Incarnation expected)
            throws IOException, OperationException {
        Optional<Incarnation> same = place.repository().cluster(place.name()).of(expected.systemIdentifier());
        if (same.isEmpty()) {
            throw new RefusedException(
                    "cluster_not_registered",
                    "cluster \"" + place.name() + "\" with system identifier " + expected.systemIdentifier()
                            + " is not registered in it",
                    "\"pgark init\" registers it.");
        }
        return place.repository().open(same.get());
    }

    @Override
    public void close() throws IOException {
        for (ClusterContext one : each) {
            one.close();
        }
    }
}
