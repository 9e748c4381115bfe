package org.pgark.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.pgark.cli.configuration.EncryptionConfiguration;
import org.pgark.cli.output.Words;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.control.ControlFile;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.key.KeyException;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.log.RolledBackLogException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;

/** The checks of files and folders: data directory, repository, spool. */
final class PlaceChecks {
    private final ClusterContext context;
    private final CheckReport report;

    PlaceChecks(ClusterContext context, CheckReport report) {
        this.context = context;
        this.report = report;
    }

    void run() {
        Optional<ControlFile> control = dataDirectory();
        repository(control);
        spool();
    }

    /** Only what concerns one of several repositories. */
    void runForRepository() {
        Optional<ControlFile> control;
        try {
            control = Optional.of(ControlFile.read(context.settings().pgdata()));
        } catch (IOException e) {
            control = Optional.empty();
        }
        repository(control);
    }

    private void repository(Optional<ControlFile> control) {
        if (repository()) {
            control.ifPresent(this::registration);
        }
        repositoryPlace();
        LockCover.of(context.settings()).ifPresent(this::locks);
    }

    private void locks(LockCover cover) {
        if (cover.isTooShort()) {
            report.warning("object lock", cover.describe(), cover.hint());
        } else {
            report.ok("object lock", cover.describe());
        }
    }

    private Optional<ControlFile> dataDirectory() {
        Path directory = context.settings().pgdata();
        try {
            ControlFile control = ControlFile.read(directory);
            report.ok(
                    "data directory",
                    directory + ", PostgreSQL " + control.major().number() + ", system identifier "
                            + control.systemIdentifier());
            if (control.dataChecksumVersion() == 0) {
                report.warning(
                        "page checksums",
                        "off, so that a backup cannot tell a damaged page",
                        "\"pg_checksums --enable\" turns them on while the server is stopped.");
            } else {
                report.ok("page checksums", "on");
            }
            return Optional.of(control);
        } catch (IOException e) {
            report.failed(
                    "data directory",
                    String.valueOf(e.getMessage()),
                    "Check pgdata in the configuration, and the user that pgark runs as.");
            return Optional.empty();
        }
    }

    private boolean repository() {
        try {
            context.repository();
            try (ObjectStore store = Repositories.store(context.settings().repository())) {
                byte[] random = new byte[16];
                new SecureRandom().nextBytes(random);
                ObjectName probe = new ObjectName("probe/" + HexFormat.of().formatHex(random));
                try (ObjectWriter writer = store.unconditional().create(probe)) {
                    writer.write(ByteBuffer.wrap(random));
                    writer.commit();
                }
                store.deleteUnlessLocked(probe);
                report.ok("repository", context.settings().repository().url() + ", can be read and written");
                writers(store);
            }
            encryption();
            return true;
        } catch (KeyException e) {
            report.failed("repository", String.valueOf(e.getMessage()), e.hint());
            return false;
        } catch (IOException e) {
            report.failed(
                    "repository",
                    String.valueOf(e.getMessage()),
                    "\"pgark init\" makes the repository; it has to belong to the owner of the data directory.");
            return false;
        }
    }

    private void writers(ObjectStore store) throws IOException {
        Optional<Boolean> sole = context.repository().isSoleWriter();
        if (sole.isEmpty() && !WritersOfRepositories.refusesTakenNames(store)) {
            report.failed(
                    "writers",
                    "the store does not refuse names that are taken, and the repository was made for several writers",
                    "Two writers at once may lose what either wrote. Copy it to another store with \"pgark copy\".");
        } else if (sole.isPresent() && sole.get()) {
            report.warning(
                    "writers",
                    "only this user on this host: the store does not refuse names that are taken",
                    "Others can restore from it; what else they try is refused.");
        } else if (sole.isPresent()) {
            report.failed(
                    "writers",
                    "only another user or host: nothing of this one is archived or backed up there",
                    "Stop the other writer for good, then run \"pgark init --take-over\" here.");
        }
    }

    private void encryption() throws IOException {
        Optional<RepositoryKeys> keys = context.repository().keys();
        if (keys.isEmpty()) {
            return;
        }
        EncryptionConfiguration configured = context.settings().repository().encryption();
        if (context.settings().repository().id().isEmpty()
                || configured.fingerprint().isEmpty()) {
            report.warning(
                    "encryption",
                    "the configuration does not say which repository it must be",
                    "\"pgark init\" writes id and key-fingerprint into it.");
        } else if (keys.get().recipients().size() == 1) {
            report.warning(
                    "encryption",
                    "only " + keys.get().recipients().getFirst() + " opens the repository",
                    "Who loses it loses every backup: \"pgark key rotate --add NAME\" adds one for emergencies.");
        } else {
            report.ok(
                    "encryption",
                    keys.get().recipients().size() + " recipients, opened by "
                            + keys.get().openedBy());
        }
    }

    private void registration(ControlFile control) {
        try {
            Optional<Incarnation> newest =
                    context.repository().cluster(context.name()).newest();
            String again = "Run \"pgark init --cluster " + context.name() + " --pgdata "
                    + context.settings().pgdata() + "\".";
            if (newest.isEmpty()) {
                report.failed("registration", "cluster " + context.name() + " is not in the repository", again);
            } else if (!newest.get().systemIdentifier().equals(control.systemIdentifier())) {
                report.failed(
                        "registration",
                        "the repository knows cluster " + context.name() + " with system identifier "
                                + newest.get().systemIdentifier() + ", not " + control.systemIdentifier(),
                        "If the cluster was initialised anew: " + again);
            } else {
                report.ok("registration", "cluster " + context.name() + " is in the repository");
            }
        } catch (RolledBackLogException e) {
            report.failed("registration", String.valueOf(e.getMessage()), e.hint());
        } catch (IOException e) {
            report.failed("registration", String.valueOf(e.getMessage()), "");
        }
    }

    private void repositoryPlace() {
        Optional<Path> local = context.settings().repository().url().localDirectory();
        if (local.isEmpty()) {
            report.ok("repository place", "not on this host");
            return;
        }
        Path place = local.get();
        Path directory = context.settings().pgdata();
        if (place.startsWith(directory.normalize())) {
            report.failed(
                    "repository place",
                    "\"" + place + "\" is inside the data directory",
                    "Choose another folder; a backup must not lie in what it protects.");
            return;
        }
        try {
            FileStore repository = Files.getFileStore(place);
            if (repository.equals(Files.getFileStore(directory))) {
                report.warning(
                        "repository place",
                        "on the same file system as the data directory, " + Words.size(repository.getUsableSpace())
                                + " free",
                        "A disk that dies takes both; put the repository on another one.");
            } else {
                report.ok(
                        "repository place",
                        "on a file system of its own, " + Words.size(repository.getUsableSpace()) + " free");
            }
        } catch (IOException e) {
            report.failed("repository place", String.valueOf(e.getMessage()), "");
        }
    }

    private void backlog() throws IOException {
        BacklogReport backlog = BacklogReport.of(
                context.settings(), context.configuration().archive().backlog());
        Optional<ClusterRepository> nearest;
        try {
            nearest = Optional.of(context.newestIncarnation());
        } catch (IOException | OperationException e) {
            // That it cannot be opened was told above.
            nearest = Optional.empty();
        }
        backlog.check(report, nearest);
    }

    private void spool() {
        try {
            SpoolRoot root = SpoolRoot.find(
                    System.getenv(), ConnectionEnvironment.current().home());
            root.checkOutside(context.settings().pgdata());
            Spool spool = root.spool(context.name());
            spool.make();
            root.link(context.settings().pgdata().toRealPath(), spool);
            report.ok("spool", spool.folder().toString());
            backlog();
        } catch (IOException e) {
            report.failed("spool", String.valueOf(e.getMessage()), "PGARK_SPOOL chooses another folder.");
        } catch (OperationException e) {
            report.failed("spool", String.valueOf(e.getMessage()), e.hint().orElse(""));
        }
    }
}
