/** As whom pgark runs: a command about a cluster goes on as the owner of its data directory when root starts it. */
@org.jspecify.annotations.NullMarked
package org.pgark.cli.process;
