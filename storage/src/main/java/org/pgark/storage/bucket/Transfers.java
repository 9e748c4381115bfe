package org.pgark.storage.bucket;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/** The parts of all objects of a store that are under way: never more than a limit, so that their memory has one too. */
final class Transfers implements AutoCloseable {
    private final int partSize;
    private final InFlight uploads;
    private final InFlight downloads = new InFlight(StoreSettings.MOST_PARALLEL);
    private final Rate up;
    private final Rate down;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Transfers(StoreSettings settings) {
        this.partSize = settings.partSize();
        this.uploads = new InFlight(settings.parallel());
        this.up = new Rate(settings.rate(StoreOption.UPLOAD_RATE));
        this.down = new Rate(settings.rate(StoreOption.DOWNLOAD_RATE));
    }

    int partSize() {
        return partSize;
    }

    /** Parts and small objects that are sent; their memory is bounded by it. */
    InFlight uploads() {
        return uploads;
    }

    /** What is fetched, of which the callers bound the memory: only a service that is too busy makes it fewer. */
    InFlight downloads() {
        return downloads;
    }

    /** What may be sent. */
    Rate up() {
        return up;
    }

    /** What may be fetched. */
    Rate down() {
        return down;
    }

    ExecutorService threads() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
