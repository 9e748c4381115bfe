package org.pgark.postgres.wire;

/**
 * A column of a result.
 *
 * @param name the column's name
 * @param table the OID of the table that it comes from; 0 if none
 * @param number the column's number in that table; 0 if none
 * @param type the OID of the data type
 * @param typeSize {@code pg_type.typlen}; negative for variable sizes
 * @param typeModifier {@code pg_attribute.atttypmod}
 */
public record Column(String name, int table, int number, int type, int typeSize, int typeModifier) {}
