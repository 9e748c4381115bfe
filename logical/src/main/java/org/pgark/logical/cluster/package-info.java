/** What belongs to a whole server and to no database: roles, their memberships and settings, tablespaces, parameters. */
@NullMarked
package org.pgark.logical.cluster;

import org.jspecify.annotations.NullMarked;
