package org.pgark.logical.replication;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.Row;

/** Reads subscriptions, which only a superuser may. */
public final class SubscriptionKind implements CatalogKind {
    private static final String OF_THIS_DATABASE =
            "WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";

    @Override
    public String progress() {
        return "reading subscriptions";
    }

    @Override
    public void read(CatalogReading reading) {
        readSubscriptions(reading);
        // upstream reads it for pg_upgrade only, but always says so
        reading.listener().progress("reading subscription membership of tables");
    }

    private static void readSubscriptions(CatalogReading reading) {
        if (reading.options().has(DumpSwitch.NO_SUBSCRIPTIONS)) {
            return;
        }
        if (!reading.session().connection().parameter("is_superuser").orElse("").equals("on")) {
            if (reading.session()
                            .rows("SELECT count(*) AS number FROM pg_subscription " + OF_THIS_DATABASE)
                            .getFirst()
                            .integer("number")
                    > 0) {
                reading.listener().warning("subscriptions not dumped because current user is not a superuser");
            }
            return;
        }
        int server = reading.server();
        for (Row row : reading.session().rows("""
                SELECT s.oid, s.subname, s.subowner, s.subconninfo, s.subslotname, s.subsynccommit, s.subpublications,
                  %s, %s, %s, %s
                FROM pg_subscription s %s""".formatted(
                        server >= 140000 ? "s.subbinary, s.substream" : "false AS subbinary, 'f' AS substream",
                        server >= 150000
                                ? "s.subtwophasestate, s.subdisableonerr"
                                : "'d' AS subtwophasestate, false AS subdisableonerr",
                        server >= 160000
                                ? "s.subpasswordrequired, s.subrunasowner, s.suborigin"
                                : "true AS subpasswordrequired, "
                                        + (reading.options().emulated() >= 16 ? "true" : "false")
                                        + " AS subrunasowner, 'any' AS suborigin",
                        server >= 170000 ? "s.subfailover" : "false AS subfailover",
                        OF_THIS_DATABASE))) {
            reading.selection().select(reading.catalog().add(new Subscription(row, reading.catalog())));
        }
    }
}
