package org.pgark.postgres.connection;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A keyword of libpq's connection strings, up to those of PostgreSQL 18. */
public enum ConnectionOption {
    SERVICE("PGSERVICE"),
    SERVICEFILE("PGSERVICEFILE"),
    USER("PGUSER"),
    PASSWORD("PGPASSWORD"),
    PASSFILE("PGPASSFILE"),
    CONNECT_TIMEOUT("PGCONNECT_TIMEOUT"),
    DBNAME("PGDATABASE"),
    HOST("PGHOST"),
    HOSTADDR("PGHOSTADDR"),
    PORT("PGPORT"),
    OPTIONS("PGOPTIONS"),
    APPLICATION_NAME("PGAPPNAME"),
    FALLBACK_APPLICATION_NAME(""),
    KEEPALIVES(""),
    CHANNEL_BINDING("PGCHANNELBINDING"),
    REQUIRE_AUTH("PGREQUIREAUTH"),
    SSLMODE("PGSSLMODE"),
    SSLNEGOTIATION("PGSSLNEGOTIATION"),
    SSLCERT("PGSSLCERT"),
    SSLKEY("PGSSLKEY"),
    SSLPASSWORD(""),
    SSLROOTCERT("PGSSLROOTCERT"),
    SSLCERTMODE("PGSSLCERTMODE"),
    REQUIREPEER("PGREQUIREPEER"),
    GSSENCMODE("PGGSSENCMODE"),
    KRBSRVNAME("PGKRBSRVNAME"),
    GSSLIB("PGGSSLIB"),
    TARGET_SESSION_ATTRS("PGTARGETSESSIONATTRS"),
    LOAD_BALANCE_HOSTS("PGLOADBALANCEHOSTS"),

    CLIENT_ENCODING("PGCLIENTENCODING", Support.WITHOUT_EFFECT),
    KEEPALIVES_IDLE("", Support.WITHOUT_EFFECT),
    KEEPALIVES_INTERVAL("", Support.WITHOUT_EFFECT),
    KEEPALIVES_COUNT("", Support.WITHOUT_EFFECT),
    TCP_USER_TIMEOUT("", Support.WITHOUT_EFFECT),
    SSLCOMPRESSION("PGSSLCOMPRESSION", Support.WITHOUT_EFFECT),
    SSLSNI("PGSSLSNI", Support.WITHOUT_EFFECT),
    MIN_PROTOCOL_VERSION("PGMINPROTOCOLVERSION", Support.WITHOUT_EFFECT),
    MAX_PROTOCOL_VERSION("PGMAXPROTOCOLVERSION", Support.WITHOUT_EFFECT),

    SSLCRL("PGSSLCRL", Support.REFUSED),
    SSLCRLDIR("PGSSLCRLDIR", Support.REFUSED),
    SSL_MIN_PROTOCOL_VERSION("PGSSLMINPROTOCOLVERSION", Support.REFUSED),
    SSL_MAX_PROTOCOL_VERSION("PGSSLMAXPROTOCOLVERSION", Support.REFUSED),
    SSLKEYLOGFILE("", Support.REFUSED),
    GSSDELEGATION("PGGSSDELEGATION", Support.REFUSED),
    REPLICATION("", Support.REFUSED),
    SCRAM_CLIENT_KEY("", Support.REFUSED),
    SCRAM_SERVER_KEY("", Support.REFUSED),
    OAUTH_ISSUER("", Support.REFUSED),
    OAUTH_CLIENT_ID("", Support.REFUSED),
    OAUTH_CLIENT_SECRET("", Support.REFUSED),
    OAUTH_SCOPE("", Support.REFUSED);

    /** What pgark makes of an option. */
    enum Support {
        /** Does what libpq does. */
        FULL,
        /** Taken, but it changes nothing: no promise of the connection depends on it. */
        WITHOUT_EFFECT,
        /** An error when it is set, since leaving it out in silence would break what it promises. */
        REFUSED
    }

    private final String variable;
    private final Support support;

    ConnectionOption(String variable) {
        this(variable, Support.FULL);
    }

    ConnectionOption(String variable, Support support) {
        this.variable = variable;
        this.support = support;
    }

    /** The keyword, for example {@code connect_timeout}. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The environment variable that gives a value where nothing else does. */
    public Optional<String> variable() {
        return variable.isEmpty() ? Optional.empty() : Optional.of(variable);
    }

    /** Whether pgark follows it. */
    public boolean isFollowed() {
        return support == Support.FULL;
    }

    /** Whether setting it is an error, since pgark cannot keep what it promises. */
    public boolean isRefused() {
        return support == Support.REFUSED;
    }

    /** Whether messages must not show the value. */
    boolean isSecret() {
        return this == PASSWORD || this == SSLPASSWORD || this == OAUTH_CLIENT_SECRET;
    }

    static Optional<ConnectionOption> find(String keyword) {
        return Arrays.stream(values())
                .filter(option -> option.keyword().equals(keyword))
                .findFirst();
    }

    static ConnectionOption of(String keyword) throws InvalidConnectionSettingsException {
        return find(keyword)
                .orElseThrow(
                        () -> new InvalidConnectionSettingsException("invalid connection option \"" + keyword + "\""));
    }
}
