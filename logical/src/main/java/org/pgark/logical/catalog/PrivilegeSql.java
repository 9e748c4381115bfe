package org.pgark.logical.catalog;

/** Turns privileges into GRANT and REVOKE. */
@FunctionalInterface
public interface PrivilegeSql {
    /**
     * The commands that lead from one list of privileges to another; "" where they are the same.
     *
     * @param type kind of object as GRANT calls it
     * @param name the object, quoted
     * @param column the column, quoted; "" for the whole object
     * @param schema name of the schema, "" for none
     * @param granted text of the ACL to reach
     * @param base text of the ACL to begin with
     */
    String commands(String type, String name, String column, String schema, String owner, String granted, String base);
}
