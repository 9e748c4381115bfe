package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.testkit.S3Vault;

/**
 * The three roles of docs/stores.md in S3, each with the policy that stands there: what each is for works, what a thief with the
 * writer's key can do destroys nothing, and nobody may do more than he does.
 */
@Tag("slow")
class RolesTest {
    private static final String WRITER = "writer";
    private static final String RESTORER = "restorer";
    private static final String COLLECTOR = "collector";
    private static final int FORBIDDEN = 403;
    private static final Duration LONG_AGO = Duration.ofDays(8);
    private static final Duration AFTER_THE_LOCKS = Duration.ofDays(60);

    @TempDir(factory = InTmp.class)
    private Path folder;

    private final Map<String, Set<String>> used = new HashMap<>();

    @Test
    void eachRoleDoesItsWorkAndNeedsAllThatItMay() throws Exception {
        live(false);
        live(true);
        // What a copy or a collector gives up in the middle of an upload, which nothing here makes one do.
        used.computeIfAbsent(COLLECTOR, _ -> new TreeSet<>()).add("s3:AbortMultipartUpload");
        for (String role : List.of(WRITER, RESTORER, COLLECTOR)) {
            assertThat(used.get(role))
                    .as(role)
                    .containsExactlyInAnyOrderElementsOf(
                            DocumentedPolicy.of(role).actions());
        }
    }

    private String table(S3Vault service, boolean locks) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret\n");
        return "[repository.main]\nurl = \"s3://my-backups/production\"\nendpoint = \"" + service.endpoint()
                + "\"\npath-style = true\nregion = \"eu-central-1\"\naccess-key-id = \"" + WRITER
                + "\"\nsecret-access-key-file = \"" + secret + "\"\npart-size = \"5MiB\"\n"
                + (locks ? "object-lock = \"compliance\"\nobject-lock-days = 36\n" : "");
    }

    private static RoleHost host(ProtectedCluster main, String name, String rules) throws IOException {
        return new RoleHost(
                main,
                name,
                text -> text.replace("access-key-id = \"" + WRITER + "\"", "access-key-id = \"" + name + "\""),
                rules);
    }

    private void live(boolean locks) throws Exception {
        try (S3Vault service = S3Vault.start("my-backups");
                HttpClient http = HttpClient.newHttpClient()) {
            for (String role : List.of(WRITER, RESTORER, COLLECTOR)) {
                service.allow(role, DocumentedPolicy.of(role));
            }
            try (ProtectedCluster main = ProtectedCluster.configured(17, table(service, locks), true)) {
                S3Thief thief = new S3Thief(http, service.endpoint() + "/my-backups", WRITER);
                leaveAnUpload(thief, service);
                RoleWork.check(main);
                RoleWork.write(main);
                assertThat(thief.hasUploads()).isFalse();
                takeNothing(thief, service);
                RoleHost restorer = host(main, RESTORER, "");
                assertThat(restorer.pgark("list").mustSucceed().output()).contains("full");
                restorer.pgark("verify").mustSucceed();
                RoleWork.restore(main, restorer);
                List<String> before = thief.keys();
                RoleWork.collect(
                        main, host(main, COLLECTOR, RoleWork.COLLECTORS_RULES), () -> service.age(AFTER_THE_LOCKS));
                List<String> gone = gone(before, thief);
                String silent = instantOfSilence();
                overwriteEverything(thief);
                if (locks) {
                    gone.forEach(
                            key -> assertThat(service.versions(key)).as(key).isZero());
                    RoleWork.restore(main, restorer);
                } else {
                    RoleWork.restore(main, restorer, "--repo-as-of", silent);
                }
            }
            for (String role : List.of(WRITER, RESTORER, COLLECTOR)) {
                used.computeIfAbsent(role, _ -> new TreeSet<>()).addAll(service.used(role));
            }
        }
    }

    /** A whole second, a second after all that was written. */
    private static String instantOfSilence() throws InterruptedException {
        Thread.sleep(2000);
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Whoever has the writer's key deletes nothing by it, whatever it is. */
    private static void takeNothing(S3Thief thief, S3Vault service) throws IOException {
        List<String> keys = thief.keys();
        assertThat(keys).anyMatch(key -> key.contains("/packs/"));
        assertThat(keys).anyMatch(key -> key.contains("/wal/"));
        assertThat(keys).anyMatch(key -> key.contains("/log/"));
        assertThat(keys).anyMatch(key -> key.contains("/keys/"));
        long before = service.versions("production/");
        for (String key : keys) {
            assertThat(thief.delete(key)).as(key).isEqualTo(FORBIDDEN);
        }
        assertThat(thief.deleteVersions()).isEmpty();
        assertThat(service.versions("production/")).isGreaterThanOrEqualTo(before);
        assertThat(thief.keys()).containsAll(keys);
    }

    /** What a killed process leaves, long ago. */
    private static void leaveAnUpload(S3Thief thief, S3Vault service) throws IOException {
        assertThat(thief.beginUpload("production/clusters/0123456789abcdef/packs/00/left"))
                .isEqualTo(200);
        service.age(LONG_AGO);
    }

    private static void overwriteEverything(S3Thief thief) throws IOException {
        for (String key : thief.keys()) {
            assertThat(thief.overwrite(key)).as(key).isEqualTo(200);
        }
    }

    /** Which packs and which WAL the collector has deleted. */
    private static List<String> gone(List<String> before, S3Thief thief) throws IOException {
        Set<String> now = Set.copyOf(thief.keys());
        List<String> gone = before.stream().filter(key -> !now.contains(key)).toList();
        assertThat(gone).anyMatch(key -> key.contains("/packs/"));
        assertThat(gone).anyMatch(key -> key.contains("/wal/"));
        return gone;
    }
}
