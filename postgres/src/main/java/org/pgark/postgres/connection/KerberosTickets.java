package org.pgark.postgres.connection;

import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;

/**
 * How Java gets at Kerberos tickets: out of the cache that {@code kinit} fills, without questions and without a configuration file of
 * Java's own.
 */
public final class KerberosTickets extends Configuration {
    private static final String LOGIN_MODULE = "com.sun.security.auth.module.Krb5LoginModule";
    private static final String KERBEROS_FILE = "java.security.krb5.conf";
    private static final String LOGIN_FILE = "java.security.auth.login.config";

    private KerberosTickets() {
        super();
    }

    /** What a login needs; {@code KRB5_CONFIG} is followed, which Java knows by another name only. */
    public static Configuration configuration() {
        String file = System.getenv("KRB5_CONFIG");
        if (file != null && System.getProperty(KERBEROS_FILE) == null) {
            System.setProperty(KERBEROS_FILE, file);
        }
        return new KerberosTickets();
    }

    /** Lets pgjdbc, which logs in by itself, do it in this way, unless somebody configured another one. */
    static void offer() {
        if (System.getProperty(LOGIN_FILE) == null) {
            setConfiguration(configuration());
        }
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
        return new AppConfigurationEntry[] {
            new AppConfigurationEntry(
                    LOGIN_MODULE,
                    AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                    Map.of("useTicketCache", "true", "doNotPrompt", "true"))
        };
    }
}
