package org.pgark.postgres.connection;

import java.util.List;
import java.util.Map;

/** Which values the options of a connection may have. */
final class OptionValues {
    private static final Map<ConnectionOption, List<String>> CHOICES = Map.of(
            ConnectionOption.SSLMODE, List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            ConnectionOption.SSLNEGOTIATION, List.of("postgres", "direct"),
            ConnectionOption.SSLCERTMODE, List.of("disable", "allow"),
            ConnectionOption.GSSENCMODE, List.of("disable", "prefer", "require"),
            ConnectionOption.CHANNEL_BINDING, List.of("disable", "prefer", "require"),
            ConnectionOption.LOAD_BALANCE_HOSTS, List.of("disable", "random"),
            ConnectionOption.TARGET_SESSION_ATTRS,
                    List.of("any", "read-write", "read-only", "primary", "standby", "prefer-standby"));

    /** Values of refused options that ask for nothing which pgark does not do anyway. */
    private static final Map<ConnectionOption, List<String>> HARMLESS = Map.of(
            ConnectionOption.SSL_MIN_PROTOCOL_VERSION, List.of("TLSv1", "TLSv1.1", "TLSv1.2"),
            ConnectionOption.GSSDELEGATION, List.of("0"),
            ConnectionOption.REPLICATION, List.of("false", "off", "no", "0"));

    private static final List<ConnectionOption> INTEGERS = List.of(
            ConnectionOption.CONNECT_TIMEOUT,
            ConnectionOption.KEEPALIVES,
            ConnectionOption.KEEPALIVES_IDLE,
            ConnectionOption.KEEPALIVES_INTERVAL,
            ConnectionOption.KEEPALIVES_COUNT);

    private OptionValues() {}

    static void check(Map<ConnectionOption, String> options) throws InvalidConnectionSettingsException {
        for (Map.Entry<ConnectionOption, String> entry : options.entrySet()) {
            if (!entry.getValue().isEmpty()) {
                check(entry.getKey(), entry.getValue());
            }
        }
        String negotiation = options.getOrDefault(ConnectionOption.SSLNEGOTIATION, "");
        String mode = options.getOrDefault(ConnectionOption.SSLMODE, "prefer");
        if (negotiation.equals("direct")
                && List.of("disable", "allow", "prefer").contains(mode)) {
            throw new InvalidConnectionSettingsException(
                    "weak sslmode \"" + mode + "\" may not be used with sslnegotiation=direct",
                    "Use \"require\", \"verify-ca\" or \"verify-full\".");
        }
    }

    private static void check(ConnectionOption option, String value) throws InvalidConnectionSettingsException {
        if (option.isRefused() && !HARMLESS.getOrDefault(option, List.of()).contains(value)) {
            throw new InvalidConnectionSettingsException(
                    "connection option \"" + option.keyword() + "\" is not supported", "Leave it out.");
        }
        if (CHOICES.containsKey(option)
                && !CHOICES.getOrDefault(option, List.of()).contains(value)) {
            throw new InvalidConnectionSettingsException(
                    "invalid " + option.keyword() + " value: \"" + value + "\"",
                    "It can be " + String.join(", ", CHOICES.getOrDefault(option, List.of())) + ".");
        }
        if (INTEGERS.contains(option)) {
            checkInteger(option, value);
        }
    }

    private static void checkInteger(ConnectionOption option, String value) throws InvalidConnectionSettingsException {
        try {
            Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new InvalidConnectionSettingsException(
                    "invalid integer value \"" + value + "\" for connection option \"" + option.keyword() + "\"");
        }
    }
}
