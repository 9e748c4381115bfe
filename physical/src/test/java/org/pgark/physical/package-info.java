/** What tests of several packages need: a cluster that archives, a listener that remembers. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical;
