package org.pgark.storage.sftp;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SSHAgentConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Vector;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/** The keys that may prove who the user is: those of the file that is named, or those of the agent and the usual files. */
final class SshIdentities implements IdentityRepository {
    private static final String AGENT = "SSH_AUTH_SOCK";
    private static final List<String> USUAL_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final List<Identity> identities;

    private SshIdentities(List<Identity> identities) {
        this.identities = List.copyOf(identities);
    }

    /**
     * Looks for keys.
     *
     * @param home the folder that has {@code .ssh}
     * @throws IOException if the named file is no key that can be used, or there is no key at all
     */
    static SshIdentities find(StoreSettings settings, Map<String, String> environment, Path home) throws IOException {
        Optional<String> named = settings.find(StoreOption.IDENTITY_FILE);
        List<Identity> found = new ArrayList<>();
        if (named.isPresent()) {
            Path file = Path.of(named.get());
            if (!Files.isReadable(file)) {
                throw new IOException("cannot read \"" + file + "\", which \"identity-file\" names");
            }
            Identity identity = read(file)
                    .orElseThrow(() -> new IOException(
                            "\"" + file + "\", which \"identity-file\" names, holds no private key of a known kind"));
            if (!identity.isEncrypted()) {
                return new SshIdentities(List.of(identity));
            }
            found.addAll(ofAgent(environment));
            if (found.isEmpty()) {
                throw new IOException("the key in \"" + file
                        + "\", which \"identity-file\" names, has a passphrase: add it to an SSH agent"
                        + " (SSH_AUTH_SOCK), or name a key without one");
            }
            return new SshIdentities(found);
        }
        found.addAll(ofAgent(environment));
        for (String name : USUAL_FILES) {
            Path file = home.resolve(".ssh").resolve(name);
            if (Files.isReadable(file)) {
                read(file).filter(identity -> !identity.isEncrypted()).ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            throw new IOException("there is no SSH key: \"identity-file\" is not set, no agent has a key, and "
                    + home.resolve(".ssh") + " has none without a passphrase");
        }
        return new SshIdentities(found);
    }

    private static List<Identity> ofAgent(Map<String, String> environment) {
        String socket = environment.getOrDefault(AGENT, "");
        if (socket.isEmpty()) {
            return List.of();
        }
        try {
            return new AgentIdentityRepository(new SSHAgentConnector(Path.of(socket))).getIdentities();
        } catch (AgentProxyException e) {
            // An agent that is gone has no keys; the files may do.
            return List.of();
        }
    }

    private static Optional<Identity> read(Path file) {
        try {
            JSch reader = new JSch();
            reader.addIdentity(file.toString());
            return reader.getIdentityRepository().getIdentities().stream().findFirst();
        } catch (JSchException e) {
            return Optional.empty();
        }
    }

    @Override
    public String getName() {
        return "pgark";
    }

    @Override
    public int getStatus() {
        return RUNNING;
    }

    @Override
    @SuppressWarnings("JdkObsolete") // the library's interface
    public Vector<Identity> getIdentities() {
        return new Vector<>(identities);
    }

    @Override
    public boolean add(byte[] identity) {
        return false;
    }

    @Override
    public boolean remove(byte[] identity) {
        return false;
    }

    @Override
    public void removeAll() {
        throw new UnsupportedOperationException("keys are not removed");
    }
}
