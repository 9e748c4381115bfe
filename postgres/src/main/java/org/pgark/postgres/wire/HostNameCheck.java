package org.pgark.postgres.wire;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLException;

/**
 * Compares the host that was asked for with the names in a certificate, by libpq's rules: the alternative names, or where
 * there is none that could match the common name; a star stands for the whole first label.
 */
final class HostNameCheck {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private HostNameCheck() {}

    /** Whether a host is a name and not a numeric address. */
    static boolean isName(String host) {
        try {
            InetAddress.ofLiteral(host);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    static void check(String host, X509Certificate certificate) throws SSLException {
        List<String> names = new ArrayList<>();
        boolean commonNameCounts = true;
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    int kind = (Integer) alternative.get(0);
                    if (kind == DNS || kind == ADDRESS) {
                        String name = (String) alternative.get(1);
                        names.add(name);
                        commonNameCounts &= kind == ADDRESS && isName(host);
                        if (kind == DNS ? matches(host, name) : sameAddress(host, name)) {
                            return;
                        }
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw new SSLException("could not read the names in the server's certificate", e);
        }
        if (commonNameCounts) {
            String name = commonName(certificate);
            names.add(name);
            if (matches(host, name)) {
                return;
            }
        }
        throw new SSLException("server certificate for \"" + String.join("\", \"", names)
                + "\" does not match host name \"" + host + "\"");
    }

    private static String commonName(X509Certificate certificate) throws SSLException {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return part.getValue().toString();
                }
            }
            return "";
        } catch (InvalidNameException e) {
            throw new SSLException("could not read the subject of the server's certificate", e);
        }
    }

    private static boolean sameAddress(String host, String address) {
        try {
            return InetAddress.ofLiteral(host).equals(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean matches(String host, String pattern) {
        String asked = host.toLowerCase(Locale.ROOT);
        String given = pattern.toLowerCase(Locale.ROOT);
        if (!given.startsWith("*.")) {
            return asked.equals(given);
        }
        int dot = asked.indexOf('.');
        return isName(host) && dot > 0 && asked.substring(dot).equals(given.substring(1));
    }
}
