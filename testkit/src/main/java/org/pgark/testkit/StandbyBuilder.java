package org.pgark.testkit;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Describes a standby of a running cluster before it is made. */
public final class StandbyBuilder {
    private final TestCluster primary;
    private final Map<String, String> settings = new LinkedHashMap<>();

    StandbyBuilder(TestCluster primary) {
        this.primary = primary;
        settings.put("hot_standby", "on");
        settings.put(
                "primary_conninfo",
                "host=127.0.0.1 port=" + primary.port() + " user=postgres application_name=standby");
    }

    /** A line of the standby's postgresql.conf, for example another {@code primary_conninfo}. */
    public StandbyBuilder with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Copies the primary and starts the standby, which keeps the WAL that it needs by a slot on the primary. */
    public TestCluster started() throws IOException, SQLException {
        String slot = primary.query("select slot_name from pg_create_physical_replication_slot('standby_'"
                + " || (select count(*) from pg_replication_slots), true)");
        settings.putIfAbsent("primary_slot_name", slot);
        TestCluster standby = primary.baseCopy(settings, "standby.signal");
        try {
            standby.start();
        } catch (IOException | RuntimeException e) {
            standby.close();
            throw e;
        }
        return standby;
    }
}
