package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.testkit.Azurite;

/**
 * The three roles of docs/stores.md in Azure Blob Storage, each with the signature that stands there, without locks, which the
 * emulator does not have: what each is for works, none of its letters can be left out, and a thief with the writer's signature
 * deletes nothing.
 */
@Tag("slow")
class AzureRolesTest {
    private static final String CONTAINER = "my-backups";
    private static final Pattern NAME = Pattern.compile("<Name>([^<]+)</Name>");
    private static final int FORBIDDEN = 403;

    @TempDir(factory = InTmp.class)
    private Path folder;

    private Path signature(String name, String letters) throws IOException {
        Path file = Files.writeString(folder.resolve(name), Azurite.sharedAccess(CONTAINER, letters) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    private RoleHost host(ProtectedCluster main, String name, String letters, String rules) throws IOException {
        Path file = signature(name, letters);
        return new RoleHost(
                main, name, text -> text.replace(folder.resolve("writer").toString(), file.toString()), rules);
    }

    private String table(Azurite service) throws IOException {
        return "[repository.main]\nurl = \"azblob://" + Azurite.ACCOUNT + "/" + CONTAINER
                + "/production\"\nendpoint = \"" + service.endpoint() + "\"\nsas-token-file = \""
                + signature("writer", DocumentedPermissions.ofAzure("collector")) + "\"\n";
    }

    @Test
    void eachRoleDoesItsWorkAndNeedsEachLetterOfItsSignature() throws Exception {
        String obstacle = Azurite.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        try (Azurite service = Azurite.start(folder, CONTAINER);
                HttpClient http = HttpClient.newHttpClient();
                // What init and check try they remove, which takes more than the daily work.
                ProtectedCluster main = ProtectedCluster.configured(17, table(service), true)) {
            RoleWork.check(main);
            signature("writer", DocumentedPermissions.ofAzure("writer"));
            RoleWork.write(main);
            takeNothing(service, http);
            RoleHost restorer = host(main, "restorer", DocumentedPermissions.ofAzure("restorer"), "");
            restorer.pgark("verify").mustSucceed();
            RoleWork.restore(main, restorer);
            lacking(main, "writer", "backup");
            String nowhere = main.folder().resolve("nowhere").toString();
            lacking(main, "restorer", "restore", "--cluster", "main", "--hold-wal", "0", "--to", nowhere);
            RoleHost collector =
                    host(main, "collector", DocumentedPermissions.ofAzure("collector"), RoleWork.COLLECTORS_RULES);
            List<String> before = names(service, http);
            RoleWork.collect(main, collector, () -> {});
            List<String> now = names(service, http);
            assertThat(before).anyMatch(name -> name.contains("/packs/") && !now.contains(name));
            assertThat(before).anyMatch(name -> name.contains("/wal/") && !now.contains(name));
            RoleWork.restore(main, restorer);
            main.pgark("backup", "--full").mustSucceed();
            lacking(main, "collector", "expire");
        }
    }

    /** Without any one of its letters a role's work fails. */
    private void lacking(ProtectedCluster main, String role, String... work) throws IOException {
        String letters = DocumentedPermissions.ofAzure(role);
        for (int index = 0; index < letters.length(); index++) {
            String left = letters.substring(0, index) + letters.substring(index + 1);
            String rules = role.equals("collector") ? RoleWork.COLLECTORS_RULES : "";
            ProtectedCluster.Run run =
                    host(main, role + "-" + left, left, rules).pgark(work);
            assertThat(run.exitCode())
                    .as(role + " with sp=" + left + ": " + run.output() + run.errors())
                    .isNotZero();
        }
    }

    private HttpResponse<String> send(Azurite service, HttpClient http, String method, String path, String query)
            throws IOException {
        String signature = Files.readString(folder.resolve("writer")).strip();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(service.endpoint() + "/" + CONTAINER + path + "?" + query + signature))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private List<String> names(Azurite service, HttpClient http) throws IOException {
        List<String> names = new ArrayList<>();
        NAME.matcher(send(service, http, "GET", "", "restype=container&comp=list&")
                        .body())
                .results()
                .forEach(found -> names.add(found.group(1)));
        return names;
    }

    private void takeNothing(Azurite service, HttpClient http) throws IOException {
        List<String> names = names(service, http);
        for (String kind : List.of("/packs/", "/wal/", "/log/", "/keys/")) {
            assertThat(names).anyMatch(name -> name.contains(kind));
        }
        for (String name : names) {
            assertThat(send(service, http, "DELETE", "/" + name, "").statusCode())
                    .as(name)
                    .isEqualTo(FORBIDDEN);
        }
        assertThat(names(service, http)).isEqualTo(names);
    }
}
