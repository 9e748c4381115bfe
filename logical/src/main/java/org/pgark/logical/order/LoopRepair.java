package org.pgark.logical.order;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.PartObject;
import org.pgark.logical.catalog.Postponable;
import org.pgark.logical.catalog.ShellBacked;
import org.pgark.logical.relation.Constraint;
import org.pgark.logical.relation.Index;
import org.pgark.logical.relation.Relation;
import org.pgark.logical.relation.RelationForm;
import org.pgark.logical.relation.Rule;

/**
 * Breaks one dependency loop. The rules and their order are PostgreSQL's (pg_dump_sort.c): which of several possible breaks is
 * chosen decides what the dump looks like.
 */
final class LoopRepair {
    private final Boundary postData;
    private final DumpListener listener;

    LoopRepair(Boundary postData, DumpListener listener) {
        this.postData = postData;
        this.listener = listener;
    }

    /** Each member of the loop depends on the next one, the last on the first. */
    void repair(List<DumpObject> loop) {
        boolean repaired = announceType(loop)
                || keepTogether(loop, LoopRepair::isViewRule)
                || split(loop, part -> isViewRule(part) && ((Relation) part.host()).form() == RelationForm.VIEW)
                || postponeBefore(loop, ObjectKind.TABLE)
                || postponeBefore(loop, ObjectKind.FUNCTION)
                || keepTogether(loop, part -> isCheck(part) && part.host() instanceof Relation)
                || split(loop, part -> isCheck(part) && part.host() instanceof Relation)
                || keepTogether(loop, part -> part.kind() == ObjectKind.COLUMN_DEFAULT)
                || detachIndex(loop)
                || split(loop, part -> part.kind() == ObjectKind.COLUMN_DEFAULT)
                || keepTogether(loop, LoopRepair::isOfDomain)
                || split(loop, LoopRepair::isOfDomain)
                || ignoreSelf(loop);
        if (!repaired) {
            giveUp(loop);
        }
    }

    private static boolean isViewRule(PartObject part) {
        return part instanceof Rule rule
                && rule.makesView()
                && rule.host() instanceof Relation view
                && (view.form() == RelationForm.VIEW || view.form() == RelationForm.MATERIALIZED_VIEW);
    }

    private static boolean isCheck(PartObject part) {
        return part instanceof Constraint constraint && constraint.type() == 'c';
    }

    private static boolean isOfDomain(PartObject part) {
        return part instanceof Constraint constraint
                && !(constraint.host() instanceof Relation)
                && (constraint.type() == 'c' || constraint.type() == 'n');
    }

    /** A type and a function that takes or gives it: the function is content with the type's shell. */
    private static boolean announceType(List<DumpObject> loop) {
        if (loop.size() != 2) {
            return false;
        }
        boolean typeFirst = loop.getFirst().kind() == ObjectKind.TYPE;
        DumpObject type = typeFirst ? loop.getFirst() : loop.getLast();
        DumpObject function = typeFirst ? loop.getLast() : loop.getFirst();
        if (type.kind() != ObjectKind.TYPE || function.kind() != ObjectKind.FUNCTION) {
            return false;
        }
        function.forget(type);
        if (type instanceof ShellBacked backed) {
            backed.shell().ifPresent(shell -> {
                function.dependOn(shell);
                if (!function.wanted().isEmpty()) {
                    shell.want(function.wanted().with(Component.DEFINITION));
                }
            });
        }
        return true;
    }

    /** An object and its part, with nothing else in the loop: the part stays inside and needs not wait for the whole. */
    private static boolean keepTogether(List<DumpObject> loop, Predicate<PartObject> which) {
        if (loop.size() != 2) {
            return false;
        }
        return findPart(loop, which)
                .map(part -> {
                    part.forget(part.host());
                    return true;
                })
                .orElse(false);
    }

    /** A longer loop through an object and its part: the part becomes a statement of its own, after the object. */
    private boolean split(List<DumpObject> loop, Predicate<PartObject> which) {
        if (loop.size() <= 2) {
            return false;
        }
        return findPart(loop, which)
                .map(part -> {
                    DumpObject host = part.host();
                    host.forget(part);
                    if (part instanceof Rule && host instanceof Relation view) {
                        view.splitDefinition();
                    }
                    part.separate();
                    part.dependOn(host);
                    if (part.kind() != ObjectKind.COLUMN_DEFAULT) {
                        part.dependOn(postData);
                    }
                    return true;
                })
                .orElse(false);
    }

    /** The first part, in the order of the wholes in the loop, whose whole is in the loop too. */
    private static Optional<PartObject> findPart(List<DumpObject> loop, Predicate<PartObject> which) {
        for (DumpObject host : loop) {
            for (DumpObject member : loop) {
                if (member instanceof PartObject part && part.host().equals(host) && which.test(part)) {
                    return Optional.of(part);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * A loop through a materialized view or function and a boundary: what stands behind the boundary in the loop need not come
     * before it, and is made after the data where it is what can be postponed.
     */
    private static boolean postponeBefore(List<DumpObject> loop, ObjectKind kind) {
        if (loop.size() <= 2) {
            return false;
        }
        for (DumpObject member : loop) {
            ObjectKind boundary;
            if (member.kind() == kind && member instanceof Postponable postponable && postponable.canBePostponed()) {
                boundary = ObjectKind.PRE_DATA_BOUNDARY;
            } else if (kind == ObjectKind.TABLE
                    && member.kind() == ObjectKind.RELATION_STATISTICS
                    && member instanceof Postponable postponable
                    && postponable.canBePostponed()) {
                boundary = ObjectKind.POST_DATA_BOUNDARY;
            } else {
                continue;
            }
            for (int i = 0; i < loop.size(); i++) {
                if (loop.get(i).kind() == boundary) {
                    DumpObject behind = loop.get((i + 1) % loop.size());
                    loop.get(i).forget(behind);
                    boolean fits = behind.kind() == kind
                            || (kind == ObjectKind.TABLE && behind.kind() == ObjectKind.RELATION_STATISTICS);
                    if (fits && behind instanceof Postponable postponable && postponable.canBePostponed()) {
                        postponable.postpone();
                    }
                    return true;
                }
            }
        }
        return false;
    }

    /** A partitioned index and one of its parts. */
    private static boolean detachIndex(List<DumpObject> loop) {
        if (loop.size() == 2 && loop.getFirst() instanceof Index first && loop.getLast() instanceof Index second) {
            if (first.parent() == second.oid()) {
                first.forget(second);
                return true;
            }
            if (second.parent() == first.oid()) {
                second.forget(first);
                return true;
            }
        }
        return false;
    }

    /** A column that needs another column of its table: parts of objects are not told apart here. */
    private static boolean ignoreSelf(List<DumpObject> loop) {
        if (loop.size() == 1 && loop.getFirst().kind() == ObjectKind.TABLE) {
            loop.getFirst().forget(loop.getFirst());
            return true;
        }
        return false;
    }

    private void giveUp(List<DumpObject> loop) {
        if (loop.stream().allMatch(member -> member.kind() == ObjectKind.TABLE_DATA)) {
            listener.warning(
                    loop.size() == 1
                            ? "there are circular foreign-key constraints on this table:"
                            : "there are circular foreign-key constraints among these tables:");
            loop.forEach(member -> listener.detail(member.name()));
            listener.hint(
                    "You might not be able to restore the dump without using --disable-triggers or temporarily dropping the"
                            + " constraints.");
            listener.hint("Consider using a full dump instead of a --data-only dump to avoid this problem.");
        } else {
            listener.warning("could not resolve dependency loop among these items:");
            loop.forEach(member -> listener.detail(member.toString()));
        }
        loop.getFirst().forget(loop.size() > 1 ? loop.get(1) : loop.getFirst());
    }
}
