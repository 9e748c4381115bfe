package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationFileEditor;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.configuration.RepositoryPins;
import org.pgark.cli.output.Output;
import org.pgark.cli.process.Owner;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.NoRepositoryException;
import org.pgark.repository.Repository;
import org.pgark.repository.key.KeyException;
import org.pgark.repository.key.KeyFile;
import org.pgark.repository.key.KeyHolder;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.storage.ObjectStore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the encrypted repository of a cluster, or finds it, and writes into the configuration by what it is known again,
 * before anything else is written to it: a writer that is pinned cannot be given a plain repository in its place.
 */
final class EncryptedInit {
    /** The recipient that a new repository begins with. */
    private static final String FIRST = "operator";

    private final RepositoryConfiguration settings;
    private final Owner owner;
    private final Output output;

    EncryptedInit(RepositoryConfiguration settings, Owner owner, Output output) {
        this.settings = settings;
        this.owner = owner;
        this.output = output;
    }

    /**
     * Makes sure that the repository is there and the configuration pins it.
     *
     * @param child how the owner of the cluster makes it, where that is not this process's user
     */
    void pinned(Path configuration, Path pgdata, Optional<List<String>> child)
            throws IOException, ConfigurationException, OperationException {
        if (settings.id().isPresent() && settings.encryption().fingerprint().isPresent()) {
            return;
        }
        Optional<Path> made = makeKeyFile();
        JsonNode found;
        try {
            found = child.isPresent() ? new OwnerCommand(owner, child.get()).run() : make();
        } catch (OperationException | IOException e) {
            removeUnused(made, e);
            throw e;
        }
        made.ifPresent(file -> output.line("made key file " + file));
        if (found.get("made").asBoolean()) {
            output.line("made encrypted repository " + settings.url());
            if (found.get("single_writer").asBoolean()) {
                WritersOfRepositories.tell(settings.url().toString(), output);
            }
        }
        RepositoryPins pins = new RepositoryPins(
                found.get("repository_id").asString(),
                found.get("key_fingerprint").asString());
        if (new ConfigurationFileEditor(configuration).pin(settings.name(), pins, pgdata)) {
            output.line("pinned repository " + pins.repositoryId() + " with key fingerprint " + pins.keyFingerprint()
                    + " in " + configuration);
        }
        if (found.get("recipients").asInt() == 1) {
            output.line("NOTE: only " + KeyHolders.of(settings).getFirst().description()
                    + " opens this repository; who loses it loses every backup.");
            output.line("      Add a recipient for emergencies and keep it elsewhere: \"pgark key create FILE\", then");
            output.line("      \"pgark key rotate --add escrow --key-file FILE\".");
        }
    }

    /** Opens the repository, or makes it; says what it is. */
    ObjectNode make() throws IOException {
        refuseKeyInRepository();
        try (Repository repository = Repositories.open(settings)) {
            return describe(repository).put("made", false);
        } catch (NoRepositoryException e) {
            if (settings.id().isPresent()) {
                throw e;
            }
        }
        try (Repository repository = create()) {
            return describe(repository).put("made", true);
        }
    }

    private static ObjectNode describe(Repository repository) throws IOException {
        RepositoryKeys keys = repository.keys().orElseThrow();
        return Output.object()
                .put("repository_id", repository.id().value())
                .put("key_fingerprint", keys.fingerprint())
                .put("single_writer", repository.isSoleWriter().isPresent())
                .put("recipients", keys.recipients().size());
    }

    private Repository create() throws IOException {
        List<KeyHolder> holders = KeyHolders.of(settings);
        if (holders.isEmpty()) {
            throw new KeyException(
                    "no_key",
                    "repository \"" + settings.name() + "\" must be encrypted, and no key for it is configured",
                    "Set key-file, passphrase-command, key-command or kms in its [repository.NAME].");
        }
        ObjectStore store = Repositories.store(settings);
        try {
            return Repository.createEncrypted(
                    store,
                    WritersOfRepositories.ofNew(store),
                    List.of(new RepositoryKeys.Named(FIRST, holders.getFirst())),
                    InstantSource.system(),
                    new SecureRandom());
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void refuseKeyInRepository() throws IOException {
        Optional<Path> place = settings.url().localDirectory();
        Optional<Path> file = settings.encryption().keys().keyFile();
        if (place.isPresent() && file.isPresent() && file.get().startsWith(place.get())) {
            throw new KeyException(
                    "key_in_repository",
                    "key file \"" + file.get() + "\" is inside repository \"" + place.get() + "\"",
                    "Choose another folder; who has the repository must not have its key.");
        }
    }

    /** A key file that is configured and not there is made, as long as it is not known that it was there before. */
    private Optional<Path> makeKeyFile() throws IOException {
        Optional<Path> file = settings.encryption().keys().keyFile();
        if (file.isEmpty() || Files.exists(file.get()) || settings.id().isPresent()) {
            return Optional.empty();
        }
        refuseKeyInRepository();
        KeyFile.create(file.get(), new SecureRandom());
        if (Owner.ofThisProcess().isRoot() && !owner.isRoot()) {
            Files.setAttribute(file.get(), "unix:gid", owner.groupId());
            Files.setPosixFilePermissions(file.get(), PosixFilePermissions.fromString("rw-r-----"));
        }
        return file;
    }

    /** A key that opens nothing, since the repository was there before, is of no use to anybody. */
    private static void removeUnused(Optional<Path> made, Exception failure) throws IOException {
        String code = switch (failure) {
            case KeyException key -> key.code();
            case RefusedException refused -> refused.code();
            default -> "";
        };
        if (made.isPresent() && (code.equals("wrong_key") || code.equals("repository_not_encrypted"))) {
            Files.delete(made.get());
        }
    }
}
