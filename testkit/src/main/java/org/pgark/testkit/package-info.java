/**
 * What the tests of every module stand on: real clusters of every major version made in one line, standbys, other
 * operating system users, and faults that kill, freeze, fill a disk or damage a file.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.testkit;
