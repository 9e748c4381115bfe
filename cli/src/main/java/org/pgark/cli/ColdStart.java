package org.pgark.cli;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.GregorianCalendar;
import java.util.Locale;
import org.pgark.repository.seal.TlsCiphers;

/**
 * Initialises on a second thread what takes long and nearly every command needs a little later: for JSON, for the connection to a
 * server, for TLS. Only what depends on nothing but itself, so that no two threads can wait for each other's classes.
 */
final class ColdStart implements Runnable {
    private ColdStart() {}

    /** Begins, and waits for nothing. */
    static void begin() {
        Thread.ofPlatform().name("pgark-cold-start").daemon().start(new ColdStart());
    }

    @Override
    public void run() {
        TlsCiphers.install();
        BigDecimal _ = BigDecimal.ONE;
        NumberFormat _ = NumberFormat.getIntegerInstance(Locale.getDefault());
        GregorianCalendar _ = new GregorianCalendar();
    }
}
