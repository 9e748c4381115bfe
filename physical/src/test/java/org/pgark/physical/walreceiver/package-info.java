@org.jspecify.annotations.NullMarked
package org.pgark.physical.walreceiver;
