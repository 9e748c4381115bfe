package org.pgark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.KeySources;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.repository.key.KeyCommand;
import org.pgark.repository.key.KeyFile;
import org.pgark.repository.key.KeyHolder;
import org.pgark.repository.key.PassPhrase;
import org.pgark.repository.key.ServiceKey;
import org.pgark.storage.KeyServices;
import org.pgark.storage.StoreSettings;

/** Who can open the keys of a repository, as the configuration or the command line says. */
final class KeyHolders {
    private KeyHolders() {}

    /** Those that are configured for a repository. */
    static List<KeyHolder> of(RepositoryConfiguration settings) throws IOException {
        return of(settings.encryption().keys(), settings.store());
    }

    /**
     * These, in the order in which they are asked.
     *
     * @param settings how services are reached
     */
    static List<KeyHolder> of(KeySources keys, StoreSettings settings) throws IOException {
        List<KeyHolder> holders = new ArrayList<>();
        keys.keyFile().ifPresent(file -> holders.add(new KeyFile(file)));
        keys.passphraseCommand().ifPresent(command -> holders.add(new PassPhrase(command)));
        keys.keyCommand().ifPresent(command -> holders.add(new KeyCommand(command)));
        Optional<String> kms = keys.kms();
        if (kms.isPresent()) {
            holders.add(new ServiceKey(kms.get(), KeyServices.open(kms.get(), settings)));
        }
        return holders;
    }
}
