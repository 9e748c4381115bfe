package org.pgark.logical.relation;

import java.util.Optional;

/**
 * Privileges on one column.
 *
 * @param granted what was granted, absent where there is nothing left
 * @param initial what initdb or an extension granted
 */
record ColumnPrivileges(String column, Optional<String> granted, Optional<String> initial) {}
