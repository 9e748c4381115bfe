/**
 * Tables and what is like them (views, materialized views, sequences, foreign tables), and everything that hangs on them: columns,
 * defaults, constraints, indexes, rules, triggers, policies, rows.
 */
@NullMarked
package org.pgark.logical.relation;

import org.jspecify.annotations.NullMarked;
