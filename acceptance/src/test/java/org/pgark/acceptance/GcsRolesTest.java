package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.testkit.GcsServer;

/**
 * The three roles of docs/stores.md in Google Cloud Storage, each with the permissions that stand there: what each is for
 * works and uses all of them, and a thief with the writer's key takes nothing away.
 */
@Tag("slow")
class GcsRolesTest {
    private static final List<String> ROLES = List.of("writer", "restorer", "collector");
    private static final int FORBIDDEN = 403;
    private static final Duration AFTER_THE_LOCKS = Duration.ofDays(60);

    @TempDir(factory = InTmp.class)
    private Path folder;

    private static String account(String role) {
        return role + "@p.iam.gserviceaccount.com";
    }

    private Path credentials(String role) {
        return folder.resolve(role + ".json");
    }

    private RoleHost host(ProtectedCluster main, String role, String rules) throws IOException {
        return new RoleHost(
                main,
                role,
                text -> text.replace(
                        credentials("writer").toString(), credentials(role).toString()),
                rules);
    }

    private String table(GcsServer service, boolean locks) {
        return "[repository.main]\nurl = \"gs://my-backups/production\"\nendpoint = \"" + service.endpoint()
                + "\"\ncredentials-file = \"" + credentials("writer") + "\"\n"
                + (locks ? "object-lock = \"compliance\"\nobject-lock-days = 36\n" : "");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachRoleDoesItsWorkAndNeedsAllThatItMay(boolean locks) throws Exception {
        try (GcsServer service = GcsServer.start("my-backups");
                HttpClient http = HttpClient.newHttpClient()) {
            for (String role : ROLES) {
                service.writeCredentials(credentials(role), account(role));
                Files.setPosixFilePermissions(
                        credentials(role), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
                service.allow(account(role), DocumentedPermissions.ofGoogle(role, locks));
            }
            try (ProtectedCluster main = ProtectedCluster.configured(17, table(service, locks), true)) {
                RoleWork.check(main);
                RoleWork.write(main);
                GcsThief thief = new GcsThief(http, service.endpoint(), "my-backups", "token-of-" + account("writer"));
                takeNothing(thief);
                RoleHost restorer = host(main, "restorer", "");
                restorer.pgark("verify").mustSucceed();
                RoleWork.restore(main, restorer);
                List<String> before = thief.keys();
                RoleWork.collect(
                        main, host(main, "collector", RoleWork.COLLECTORS_RULES), () -> service.age(AFTER_THE_LOCKS));
                List<String> now = thief.keys();
                assertThat(before).anyMatch(key -> key.contains("/packs/") && !now.contains(key));
                assertThat(before).anyMatch(key -> key.contains("/wal/") && !now.contains(key));
                RoleWork.restore(main, restorer);
            }
            for (String role : ROLES) {
                assertThat(service.used(account(role)))
                        .as(role)
                        .containsExactlyInAnyOrderElementsOf(
                                DocumentedPermissions.ofGoogle(role, locks).names());
            }
        }
    }

    private static void takeNothing(GcsThief thief) throws IOException {
        List<String> keys = thief.keys();
        for (String kind : List.of("/packs/", "/wal/", "/log/", "/keys/")) {
            assertThat(keys).anyMatch(key -> key.contains(kind));
        }
        for (String key : keys) {
            assertThat(thief.delete(key)).as(key).isEqualTo(FORBIDDEN);
            assertThat(thief.overwrite(key)).as(key).isEqualTo(FORBIDDEN);
        }
        assertThat(thief.keys()).isEqualTo(keys);
    }
}
