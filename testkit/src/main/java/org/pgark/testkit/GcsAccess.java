package org.pgark.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may do what in {@link GcsServer}: tokens, and the permissions that the service's documentation names for each method of
 * its JSON interface. Whoever may not replace an object is told so, also where he asks that its name be free.
 */
final class GcsAccess {
    private static final String TOKEN = "token-of-";
    private static final String BEARER = "Bearer " + TOKEN;
    private static final Pattern ASSERTION = Pattern.compile("assertion=[^.&]+\\.([^.&]+)\\.");
    private static final Pattern ISSUER = Pattern.compile("\"iss\"\\s*:\\s*\"([^\"]+)\"");

    private final ConcurrentMap<String, GcsPermissions> permissions = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<String>> used = new ConcurrentHashMap<>();

    void allow(String account, GcsPermissions allowed) {
        permissions.put(account, allowed);
    }

    Set<String> used(String account) {
        return new TreeSet<>(used.getOrDefault(account, Set.of()));
    }

    static String tokenOf(String account) {
        return TOKEN + account;
    }

    /** The account that signed an assertion; empty if there is none. */
    static Optional<String> issuer(String request) {
        Matcher assertion = ASSERTION.matcher(request);
        if (!assertion.find()) {
            return Optional.empty();
        }
        String claims = new String(Base64.getUrlDecoder().decode(assertion.group(1)), StandardCharsets.UTF_8);
        Matcher issuer = ISSUER.matcher(claims);
        return issuer.find() ? Optional.of(issuer.group(1)) : Optional.empty();
    }

    /** The account that a request comes from; empty if it has no token of this service. */
    static Optional<String> account(String authorization) {
        return authorization.startsWith(BEARER)
                ? Optional.of(authorization.substring(BEARER.length()))
                : Optional.empty();
    }

    Optional<GcsReply> refusalOfListing(String account, String bucket) {
        return refusal(account, "projects/_/buckets/" + bucket, Set.of("storage.objects.list"));
    }

    /** @param description of the object that shall be made, as JSON */
    Optional<GcsReply> refusalOfCreation(String account, GcsBucket bucket, String description) {
        String key = GcsBucket.nameIn(description);
        Set<String> needed = new LinkedHashSet<>(Set.of("storage.objects.create"));
        if (bucket.has(key)) {
            needed.add("storage.objects.delete");
        }
        if (description.contains("\"retention\"")) {
            needed.add("storage.objects.setRetention");
        }
        return refusal(account, bucket.resource(key), needed);
    }

    Optional<GcsReply> refusalOfRequest(String account, GcsBucket bucket, String key, String method, String body) {
        Set<String> needed = new LinkedHashSet<>();
        switch (method) {
            case "DELETE" -> needed.add("storage.objects.delete");
            case "PATCH" -> {
                needed.add("storage.objects.get");
                needed.add("storage.objects.update");
                if (body.contains("\"retention\"")) {
                    needed.add("storage.objects.setRetention");
                }
            }
            default -> needed.add("storage.objects.get");
        }
        Optional<GcsReply> refusal = refusal(account, bucket.resource(key), needed);
        // Who may not list is not told that something is absent.
        return refusal.isPresent() || bucket.has(key) ? refusal : refusalOfListing(account, bucket.name());
    }

    private Optional<GcsReply> refusal(String account, String resource, Set<String> needed) {
        GcsPermissions allowed = permissions.get(account);
        for (String permission : needed) {
            if (allowed != null && !allowed.allows(permission, resource)) {
                return Optional.of(GcsReply.error(
                        403, account + " does not have " + permission + " access to the resource " + resource));
            }
        }
        used.computeIfAbsent(account, _ -> new ConcurrentSkipListSet<>()).addAll(needed);
        return Optional.empty();
    }
}
