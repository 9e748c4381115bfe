package org.pgark.postgres.wire;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;
import org.pgark.postgres.connection.KerberosTickets;

/**
 * Proves by Kerberos who is there: with the tickets that {@code kinit} has left in the cache (a file: {@code KRB5CCNAME}, else the
 * usual one), to the service {@code krbsrvname@host}. Both sides prove themselves, as libpq asks for it (fe-auth.c).
 */
final class GssClient implements AutoCloseable {
    private static final String KERBEROS = "1.2.840.113554.1.2.2";

    private final Subject subject;
    private final GSSContext context;

    private GssClient(Subject subject, GSSContext context) {
        this.subject = subject;
        this.context = context;
    }

    /**
     * Takes the tickets and makes ready.
     *
     * @param service {@code krbsrvname}, usually {@code postgres}
     * @param host the server's name, as the settings have it
     */
    static GssClient start(String service, String host) throws AuthenticationException {
        Subject subject = login();
        return new GssClient(subject, as(subject, "GSSAPI name import error", () -> {
            GSSManager manager = GSSManager.getInstance();
            GSSName server = manager.createName(service + "@" + host, GSSName.NT_HOSTBASED_SERVICE);
            GSSContext context = manager.createContext(server, new Oid(KERBEROS), null, GSSContext.DEFAULT_LIFETIME);
            context.requestMutualAuth(true);
            context.requestCredDeleg(false);
            return context;
        }));
    }

    /** What is sent for the server's token, which is empty at first; nothing when it needs no more. */
    Optional<byte[]> next(byte[] token) throws AuthenticationException {
        if (context.isEstablished()) {
            throw new AuthenticationException("unexpected GSSAPI token: the server has been proven already");
        }
        return as(
                subject,
                "GSSAPI continuation error",
                () -> Optional.ofNullable(context.initSecContext(token, 0, token.length))
                        .filter(answer -> answer.length > 0));
    }

    /** Whether both sides have proved themselves. */
    boolean isEstablished() {
        return context.isEstablished() && context.getMutualAuthState();
    }

    private interface Step<T> {
        T run() throws GSSException;
    }

    private static <T> T as(Subject subject, String complaint, Step<T> step) throws AuthenticationException {
        try {
            return Subject.callAs(subject, step::run);
        } catch (CompletionException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new AuthenticationException(complaint + ": " + reason.getMessage());
        }
    }

    private static Subject login() throws AuthenticationException {
        Subject subject = new Subject();
        try {
            new LoginContext("pgark", subject, null, KerberosTickets.configuration()).login();
            return subject;
        } catch (LoginException e) {
            throw new AuthenticationException(
                    "no Kerberos ticket could be taken from the cache (kinit gets one; a cache" + " must be a file): "
                            + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            context.dispose();
        } catch (GSSException e) {
            System.getLogger(GssClient.class.getName())
                    .log(System.Logger.Level.DEBUG, "the context of GSSAPI cannot be given up", e);
        }
    }
}
