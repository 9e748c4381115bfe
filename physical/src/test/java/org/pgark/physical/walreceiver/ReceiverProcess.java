package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.storage.LocalDirectoryStore;

/** A receiver in a process of its own, which can be killed. */
final class ReceiverProcess {
    private ReceiverProcess() {}

    /** Starts one with the scene's repository and directory; it says nothing. */
    static Process start(ReceiverScene scene) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReceiverProcess.class.getName(),
                        scene.folder.resolve("repository").toString(),
                        scene.directory().toString(),
                        "host=" + scene.server().socketDirectory() + " port="
                                + scene.server().port() + " user=postgres application_name=receiver"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Receives until it is killed. */
    public static void main(String[] words) throws Exception {
        ConnectionSettings settings = ConnectionSettings.resolve(
                words[2], ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "postgres"));
        try (Repository repository = Repository.open(
                new LocalDirectoryStore(Path.of(words[0])), Optional.empty(), Clock.systemUTC(), new SecureRandom())) {
            ClusterRepository kept =
                    repository.open(repository.cluster("main").newest().orElseThrow());
            WalReceiverRequest request = new WalReceiverRequest(
                    Path.of(words[1]),
                    Optional.of(ReceiverScene.SLOT),
                    true,
                    FlushMode.DIRECTORY,
                    Duration.ofMillis(50),
                    Duration.ofMillis(50),
                    new SlotPolicy(0, 0),
                    Optional.empty());
            new WalReceiver(
                            request,
                            ReceiverPlaces.of(kept),
                            () -> WireConnection.open(
                                    settings, SessionKind.PHYSICAL_REPLICATION, NoticeListener.none()),
                            new Silent())
                    .run();
        }
    }

    private static final class Silent implements ReceiverListener {
        @Override
        public void info(String line) {}

        @Override
        public void warning(String line) {}
    }
}
