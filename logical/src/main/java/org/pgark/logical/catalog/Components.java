package org.pgark.logical.catalog;

/**
 * An unchanging set of {@link Component}s.
 *
 * @param bits one bit for each member, since a dump asks for members hundreds of thousands of times
 */
public record Components(int bits) {
    public static final Components NONE = new Components(0);
    public static final Components ALL = of(Component.values());
    public static final Components PRIVILEGES = of(Component.PRIVILEGES);

    public static Components of(Component... components) {
        int bits = 0;
        for (Component component : components) {
            bits |= component.bit();
        }
        return new Components(bits);
    }

    public boolean has(Component component) {
        return (bits & component.bit()) != 0;
    }

    public boolean hasAny(Component... components) {
        for (Component component : components) {
            if (has(component)) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    public Components without(Component component) {
        return new Components(bits & ~component.bit());
    }

    public Components with(Components others) {
        return new Components(bits | others.bits);
    }

    public Components with(Component component) {
        return new Components(bits | component.bit());
    }

    public Components and(Components other) {
        return new Components(bits & other.bits);
    }
}
