package org.pgark.logical.restore;

import static org.pgark.logical.restore.RestoreSwitch.ENABLE_ROW_SECURITY;
import static org.pgark.logical.restore.RestoreSwitch.NO_OWNER;
import static org.pgark.logical.restore.RestoreSwitch.NO_TABLESPACES;
import static org.pgark.logical.restore.RestoreSwitch.NO_TABLE_ACCESS_METHOD;
import static org.pgark.logical.restore.RestoreSwitch.USE_SET_SESSION_AUTHORIZATION;

import java.io.IOException;
import java.util.Optional;
import org.pgark.logical.archive.TocEntry;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.postgres.PostgresMajor;

/** The settings under which commands are put out; each is changed only when it must be. */
final class OutputSettings {
    private final RestoreOptions options;
    private final DumpSession session;
    private final RestoreTarget target;
    private final TransactionCount transactions;
    private Optional<String> user = Optional.empty();
    private Optional<String> schema = Optional.empty();
    private Optional<String> tablespace = Optional.empty();
    private Optional<String> tableAccessMethod = Optional.empty();

    OutputSettings(RestoreOptions options, DumpSession session, RestoreTarget target, TransactionCount transactions) {
        this.options = options;
        this.session = session;
        this.target = target;
        this.transactions = transactions;
    }

    /** Settings that hold for the whole restore. */
    void begin() throws IOException {
        target.sql("SET statement_timeout = 0;\n");
        target.sql("SET lock_timeout = 0;\n");
        target.sql("SET idle_in_transaction_session_timeout = 0;\n");
        if (options.release().compareTo(PostgresMajor.V17) >= 0 && target.knowsTransactionTimeout()) {
            target.sql("SET transaction_timeout = 0;\n");
        }
        target.sql("SET client_encoding = '" + session.encoding() + "';\n");
        target.sql("SET standard_conforming_strings = " + (session.standardStrings() ? "on" : "off") + ";\n");
        if (!options.role().isEmpty()) {
            target.sql("SET ROLE " + options.quoting().quoted(options.role()) + ";\n");
        }
        if (!session.searchPath().isEmpty()) {
            target.sql(session.searchPath());
        }
        target.sql("SET check_function_bodies = false;\n");
        target.sql("SET xmloption = content;\n");
        target.sql("SET client_min_messages = warning;\n");
        if (!session.standardStrings()) {
            target.sql("SET escape_string_warning = off;\n");
        }
        target.sql("SET row_security = " + (options.has(ENABLE_ROW_SECURITY) ? "on" : "off") + ";\n");
        if (transactions.isOn()) {
            target.begin("\nBEGIN;\n");
            transactions.reset();
        }
        target.comment("\n");
    }

    /** Another session knows nothing of what was set. */
    void forget() {
        forgetUser();
        schema = Optional.empty();
        tablespace = Optional.empty();
        tableAccessMethod = Optional.empty();
    }

    void forgetUser() {
        user = Optional.empty();
    }

    void forgetSchema() {
        schema = Optional.empty();
    }

    void becomeOwner(TocEntry entry) throws IOException {
        if (!options.has(NO_OWNER) && options.has(USE_SET_SESSION_AUTHORIZATION)) {
            become(entry.owner());
        }
    }

    /** @param role the role, or empty for the one that entered */
    void become(String role) throws IOException {
        if (user.isPresent() && user.get().equals(role)) {
            return;
        }
        String name =
                role.isEmpty() ? "DEFAULT" : new SqlWords(options.quoting(), session.standardStrings()).literal(role);
        target.setting(
                "SET SESSION AUTHORIZATION " + name + ";",
                "\n\n",
                "could not set session user to \"" + role + "\"",
                true);
        user = Optional.of(role);
    }

    /** Only old dumps leave schemas to the search path. */
    void selectSchema(String name) throws IOException {
        if (!session.searchPath().isEmpty()
                || name.isEmpty()
                || (schema.isPresent() && schema.get().equals(name))) {
            return;
        }
        target.setting(
                "SET search_path = " + options.quoting().quoted(name)
                        + (name.equals("pg_catalog") ? ";" : ", pg_catalog;"),
                "\n\n",
                "could not set \"search_path\" to \"" + name + "\"",
                false);
        schema = Optional.of(name);
    }

    void selectTablespace(Optional<String> wanted) throws IOException {
        if (options.has(NO_TABLESPACES) || wanted.isEmpty() || wanted.equals(tablespace)) {
            return;
        }
        String name = wanted.get().isEmpty() ? "''" : options.quoting().quoted(wanted.get());
        target.setting(
                "SET default_tablespace = " + name + ";",
                "\n\n",
                "could not set \"default_tablespace\" to " + options.quoting().quoted(wanted.get()),
                false);
        tablespace = wanted;
    }

    void selectTableAccessMethod(String wanted) throws IOException {
        if (options.has(NO_TABLE_ACCESS_METHOD)
                || wanted.isEmpty()
                || (tableAccessMethod.isPresent() && tableAccessMethod.get().equals(wanted))) {
            return;
        }
        target.setting(
                "SET default_table_access_method = " + options.quoting().quoted(wanted) + ";",
                "\n\n",
                "could not set \"default_table_access_method\"",
                false);
        tableAccessMethod = Optional.of(wanted);
    }
}
