package org.pgark.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.physical.several.Requirement;
import org.pgark.storage.StoreOption;

class ConfiguredRepositoriesTest extends ConfigurationScene {
    @Test
    void wantsToKnowTheRepositoryWhereThereAreSeveral() {
        assertThat(problems("[repository.a]\n[repository.b]\n[cluster.main]\npgdata = \"/data\"\n"))
                .containsExactly(
                        "FILE:3:1: \"cluster.main.repository\" is missing, and there is more than one repository");
    }

    private static final String TWO_REPOSITORIES =
            "[repository.near]\nurl = \"file:/near\"\n[repository.far]\nurl = \"s3://bucket/far\"\n";

    @Test
    void takesSeveralRepositoriesInTheirOrder() throws Exception {
        ClusterConfiguration cluster = read(TWO_REPOSITORIES
                        + "[cluster.main]\npgdata = \"/data\"\nrepository = [\"near\", \"far\"]\nrequire = \"any\"\n")
                .cluster(Optional.empty());
        assertThat(cluster.repositories())
                .extracting(RepositoryConfiguration::name)
                .containsExactly("near", "far");
        assertThat(cluster.repository().name()).isEqualTo("near");
        assertThat(cluster.requirement()).isEqualTo(new Requirement.Any());
        assertThat(cluster.in(Optional.of("far")).repositories())
                .extracting(RepositoryConfiguration::name)
                .containsExactly("far");
        assertThatThrownBy(() -> cluster.in(Optional.of("main")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cluster \"main\" has no repository \"main\"");

        variables.put("PGARK_CLUSTER_MAIN_REPOSITORY", "far, near");
        assertThat(read(Optional.of(file)).cluster(Optional.empty()).repositories())
                .extracting(RepositoryConfiguration::name)
                .containsExactly("far", "near");
    }

    @Test
    void refusesRepositoriesThatAreNotSeveral() {
        String cluster = "[cluster.main]\npgdata = \"/data\"\nrepository = ";
        assertThat(problems(TWO_REPOSITORIES + cluster + "[\"near\", \"near\"]\n"))
                .containsExactly("FILE:7:1: repositories \"near\" and \"near\" of cluster \"main\" are the same"
                        + " | A second repository is another one in another place.");
        assertThat(problems(TWO_REPOSITORIES + "[repository.twin]\nurl = \"file:/near\"\n" + cluster
                        + "[\"near\", \"twin\"]\n"))
                .containsExactly("FILE:9:1: repositories \"near\" and \"twin\" of cluster \"main\" are the same"
                        + " | A second repository is another one in another place.");
        assertThat(problems(TWO_REPOSITORIES + cluster + "[\"near\", \"fra\"]\n"))
                .containsExactly("FILE:7:1: repository \"fra\" is not configured");
        assertThat(problems(TWO_REPOSITORIES + cluster + "[]\n"))
                .contains("FILE:7:1: invalid value \"\" of \"cluster.main.repository\", must be a name of a-z,"
                        + " 0-9 and _ that begins with a letter, or several like [\"main\", \"vault\"]");
        assertThat(problems(TWO_REPOSITORIES + cluster + "\"near\"\nrequire = \"far\"\n"))
                .containsExactly("FILE:8:1: cluster \"main\" requires repository \"far\", which is none of its own"
                        + " | Say \"all\", \"any\", or one of \"near\".");
    }

    @Test
    void refusesACommandThatGetsAtAKeyInAFileThatOthersMayRead() throws Exception {
        read("[repository.main]\npassphrase-command = \"cat /phrase\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> read(Optional.of(file)))
                .hasMessage(
                        file + ":2:1: \"repository.main.passphrase-command\" is not for others, who may read or change"
                                + " this file, whose mode must be 0640 or less");
    }

    @Test
    void knowsWhetherARepositoryMustBeEncrypted() throws Exception {
        assertThat(read("").repository(Optional.empty()).encryption()).isEqualTo(EncryptionConfiguration.NONE);
        for (String line : List.of(
                "encryption = \"required\"",
                "key-fingerprint = \"" + "0".repeat(32) + "\"",
                "key-file = \"/etc/key\"",
                "passphrase-command = \"cat /phrase\"",
                "key-command = \"wrap\"",
                "kms = \"aws-kms://arn:aws:kms:eu-central-1:1:key/k\"")) {
            assertThat(read("[repository.main]\n" + line + "\n")
                            .repository(Optional.of("main"))
                            .encryption()
                            .isRequired())
                    .as(line)
                    .isTrue();
        }
        assertThat(problems("[repository.main]\nencryption = \"none\"\nkey-file = \"/etc/key\"\n"))
                .containsExactly(
                        "FILE:2:1: \"repository.main.encryption\" is \"none\", but a key or a fingerprint of the"
                                + " repository is configured | Remove the one or the other.");
        assertThat(problems("[repository.main]\nkms = \"vault:x\"\nencryption = \"yes\"\n"))
                .containsExactly(
                        "FILE:2:1: invalid value \"vault:x\" of \"repository.main.kms\", must be a URI like"
                                + " \"aws-kms://arn:aws:kms:eu-central-1:111122223333:key/...\","
                                + " \"gcp-kms://projects/.../cryptoKeys/...\" or"
                                + " \"azure-kms://VAULT.vault.azure.net/keys/NAME\"",
                        "FILE:3:1: invalid value \"yes\" of \"repository.main.encryption\", must be \"required\" or"
                                + " \"none\"");
    }

    @Test
    void aVariableIsOfTheKeyWithTheMostWordsOfItsName() throws Exception {
        variables.put("PGARK_REPOSITORY_MAIN_KEY_FILE", "/run/key");
        variables.put("PGARK_REPOSITORY_MAIN_ACCESS_KEY_ID", "AKIA");
        variables.put("PGARK_REPOSITORY_MAIN_ACCOUNT_KEY_FILE", "/run/account");
        Configuration configuration = read("");
        assertThat(configuration.repositories()).hasSize(1);
        assertThat(configuration.repositories().getFirst().encryption().keys().keyFile())
                .contains(Path.of("/run/key"));
        assertThat(configuration.repositories().getFirst().store().find(StoreOption.ACCESS_KEY_ID))
                .contains("AKIA");
    }

    @Test
    void objectsAreLockedForTheLongestWindowAndTheTimeUntilTheNextBackup() throws Exception {
        String repository = "[repository.main]\nurl = \"s3://b/p\"\nobject-lock = \"compliance\"\n";
        assertThat(lockDays(read(repository))).as("no cluster yet").hasValue("8");
        assertThat(lockDays(read(repository + """
                [cluster.one]
                pgdata = "/data/one"
                keep.window = "4 weeks"
                [cluster.two]
                pgdata = "/data/two"
                keep.window = "2 months"
                """))).hasValue("70");
        assertThat(lockDays(read(repository
                        + "object-lock-days = 15\n[cluster.one]\npgdata = \"/data/one\"\nkeep.window = \"4 weeks\"\n")))
                .as("what is said counts")
                .hasValue("15");
        assertThat(problems(repository + "[cluster.one]\npgdata = \"/data/one\"\nkeep.last = 3\n"))
                .singleElement()
                .asString()
                .contains("repository \"main\" locks objects, but nothing says for how long: neither"
                        + " \"cluster.one.keep.window\" nor \"repository.main.object-lock-days\" is set");
    }

    private static Optional<String> lockDays(Configuration configuration) {
        return configuration.repositories().getFirst().store().find(StoreOption.OBJECT_LOCK_DAYS);
    }
}
