package org.pgark.postgres.connection;

import java.util.Arrays;
import java.util.Locale;

/** Which kind of server {@code target_session_attrs} asks for. */
public enum TargetSession {
    /** Any server. */
    ANY,
    /** One whose transactions may write. */
    READ_WRITE,
    /** One whose transactions may not write. */
    READ_ONLY,
    /** One that is not in recovery. */
    PRIMARY,
    /** One that is in recovery. */
    STANDBY;

    /** The kind by its name in {@code target_session_attrs}. */
    public static TargetSession of(String text) {
        return Arrays.stream(values())
                .filter(target ->
                        target.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("invalid target_session_attrs value: \"" + text + "\""));
    }

    /** Why a server is not of this kind; empty if it is. */
    public String objection(SessionFacts facts) {
        boolean readOnly = facts.readOnly() || facts.inRecovery();
        return switch (this) {
            case ANY -> "";
            case READ_WRITE -> readOnly ? "session is read-only" : "";
            case READ_ONLY -> readOnly ? "" : "session is not read-only";
            case PRIMARY -> facts.inRecovery() ? "server is in hot standby mode" : "";
            case STANDBY -> facts.inRecovery() ? "" : "server is not in hot standby mode";
        };
    }
}
