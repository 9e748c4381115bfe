package org.pgark.logical.catalog;

import java.util.EnumSet;
import java.util.Set;

/** An unchanging set of {@link Component}s. */
public record Components(Set<Component> members) {
    public static final Components NONE = new Components(EnumSet.noneOf(Component.class));
    public static final Components ALL = new Components(EnumSet.allOf(Component.class));
    public static final Components PRIVILEGES = of(Component.PRIVILEGES);

    public Components {
        members = Set.copyOf(members);
    }

    public static Components of(Component... components) {
        return new Components(Set.of(components));
    }

    public boolean has(Component component) {
        return members.contains(component);
    }

    public boolean hasAny(Component... components) {
        for (Component component : components) {
            if (members.contains(component)) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    public Components without(Component component) {
        EnumSet<Component> rest = EnumSet.noneOf(Component.class);
        rest.addAll(members);
        rest.remove(component);
        return new Components(rest);
    }

    public Components with(Component component) {
        EnumSet<Component> more = EnumSet.of(component);
        more.addAll(members);
        return new Components(more);
    }

    public Components and(Components other) {
        EnumSet<Component> both = EnumSet.noneOf(Component.class);
        both.addAll(members);
        both.retainAll(other.members);
        return new Components(both);
    }
}
