/**
 * Bringing a dump back: which entries are wanted, in which order, and as which commands, written as a plain script or run on
 * a server over one connection or several. A plain dump is the same thing done at once, so pg_dump writes its script here
 * too.
 */
@NullMarked
package org.pgark.logical.restore;

import org.jspecify.annotations.NullMarked;
