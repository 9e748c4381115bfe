/** SQL that several kinds of objects share: privileges as GRANT and REVOKE, quoted texts, settings, name patterns. */
@NullMarked
package org.pgark.logical.sql;

import org.jspecify.annotations.NullMarked;
