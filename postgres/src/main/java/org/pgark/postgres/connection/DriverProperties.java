package org.pgark.postgres.connection;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * One attempt in pgjdbc's words.
 *
 * @param url the JDBC URL
 * @param values pgjdbc's properties, the password among them
 */
record DriverProperties(String url, Properties values) {
    static DriverProperties of(ConnectionSettings settings, ServerAddress server)
            throws InvalidConnectionSettingsException {
        Properties values = new Properties();
        PGProperty.USER.set(values, settings.user());
        // Where it is left out, the driver would look for a pass file by rules of its own.
        PGProperty.PASSWORD.set(
                values, settings.password(server).map(Password::value).orElse(""));
        PGProperty.APPLICATION_NAME.set(values, settings.applicationName());
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(values, "12");
        PGProperty.SOCKET_FACTORY.set(values, ServerSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(values, ServerSocketFactory.argument(settings, server));
        PGProperty.SOCKET_TIMEOUT.set(
                values, Math.toIntExact(settings.connectTimeout().toSeconds()));
        PGProperty.TCP_KEEP_ALIVE.set(
                values,
                !settings.option(ConnectionOption.KEEPALIVES)
                        .orElse("1")
                        .strip()
                        .equals("0"));
        copy(settings, ConnectionOption.OPTIONS, PGProperty.OPTIONS, values);
        copy(settings, ConnectionOption.REQUIRE_AUTH, PGProperty.REQUIRE_AUTH, values);
        copy(settings, ConnectionOption.CHANNEL_BINDING, PGProperty.CHANNEL_BINDING, values);
        copy(settings, ConnectionOption.KRBSRVNAME, PGProperty.KERBEROS_SERVER_NAME, values);
        copy(settings, ConnectionOption.GSSLIB, PGProperty.GSS_LIB, values);
        String host = switch (server) {
            case ServerAddress.UnixSocket _ -> {
                PGProperty.SSL_MODE.set(values, "disable");
                PGProperty.GSS_ENC_MODE.set(values, "disable");
                yield "localhost";
            }
            case ServerAddress.Tcp tcp -> {
                copy(settings, ConnectionOption.GSSENCMODE, PGProperty.GSS_ENC_MODE, values);
                copy(settings, ConnectionOption.SSLNEGOTIATION, PGProperty.SSL_NEGOTIATION, values);
                addCertificates(settings, values);
                yield tcp.host().contains(":") ? "[" + tcp.host() + "]" : tcp.host();
            }
        };
        String database = URLEncoder.encode(settings.database(), StandardCharsets.UTF_8);
        return new DriverProperties("jdbc:postgresql://" + host + ":" + server.port() + "/" + database, values);
    }

    private static void addCertificates(ConnectionSettings settings, Properties values)
            throws InvalidConnectionSettingsException {
        Path folder = settings.certificateFolder();
        String rootFile = settings.option(ConnectionOption.SSLROOTCERT)
                .orElse(folder.resolve("root.crt").toString());
        String mode =
                settings.option(ConnectionOption.SSLMODE).orElse(rootFile.equals("system") ? "verify-full" : "prefer");
        if (rootFile.equals("system")) {
            if (!mode.equals("verify-full")) {
                throw new InvalidConnectionSettingsException(
                        "weak sslmode \"" + mode + "\" may not be used with sslrootcert=system",
                        "Use \"verify-full\".");
            }
            PGProperty.SSL_FACTORY.set(values, "org.postgresql.ssl.DefaultJavaSSLFactory");
        } else if (Files.exists(Path.of(rootFile))) {
            PGProperty.SSL_ROOT_CERT.set(values, rootFile);
            // libpq's rule: with a root certificate at hand "require" verifies, too.
            mode = mode.equals("require") ? "verify-ca" : mode;
        } else if (mode.startsWith("verify-")) {
            throw new InvalidConnectionSettingsException(
                    "root certificate file \"" + rootFile + "\" does not exist",
                    "Name the file in sslrootcert, use sslrootcert=system, or a weaker sslmode.");
        }
        PGProperty.SSL_MODE.set(values, mode);
        if (!settings.option(ConnectionOption.SSLCERTMODE).orElse("").equals("disable")) {
            addFile(settings, ConnectionOption.SSLCERT, "postgresql.crt", PGProperty.SSL_CERT, values);
            addFile(settings, ConnectionOption.SSLKEY, "postgresql.key", PGProperty.SSL_KEY, values);
            copy(settings, ConnectionOption.SSLPASSWORD, PGProperty.SSL_PASSWORD, values);
        }
    }

    private static void addFile(
            ConnectionSettings settings,
            ConnectionOption option,
            String usualName,
            PGProperty property,
            Properties values) {
        Path usual = settings.certificateFolder().resolve(usualName);
        settings.option(option)
                .or(() -> Files.exists(usual) ? java.util.Optional.of(usual.toString()) : java.util.Optional.empty())
                .ifPresent(file -> property.set(values, file));
    }

    private static void copy(
            ConnectionSettings settings, ConnectionOption option, PGProperty property, Properties values) {
        settings.option(option).ifPresent(value -> property.set(values, value));
    }

    /** The URL only. */
    @Override
    public String toString() {
        return url;
    }
}
