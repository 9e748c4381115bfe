package org.pgark.testkit;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an account may do in {@link GcsServer}, as bindings of roles on a bucket say it.
 *
 * @param bindings each allows its permissions where its condition holds
 */
public record GcsPermissions(List<Binding> bindings) {
    public GcsPermissions {
        bindings = List.copyOf(bindings);
    }

    /**
     * A role that was given to an account.
     *
     * @param permissions names like {@code storage.objects.get}
     * @param beginnings one of them must be the beginning of the resource's name, or one of the ends its end; no condition
     *     if there are neither
     * @param ends see there
     */
    public record Binding(Set<String> permissions, List<String> beginnings, List<String> ends) {
        public Binding {
            permissions = Set.copyOf(permissions);
            beginnings = List.copyOf(beginnings);
            ends = List.copyOf(ends);
        }

        private boolean allows(String permission, String resource) {
            boolean anywhere = beginnings.isEmpty() && ends.isEmpty();
            return permissions.contains(permission)
                    && (anywhere
                            || beginnings.stream().anyMatch(resource::startsWith)
                            || ends.stream().anyMatch(resource::endsWith));
        }
    }

    boolean allows(String permission, String resource) {
        return bindings.stream().anyMatch(binding -> binding.allows(permission, resource));
    }

    /** All permissions that are named. */
    public Set<String> names() {
        return bindings.stream()
                .flatMap(binding -> binding.permissions().stream())
                .collect(Collectors.toSet());
    }
}
