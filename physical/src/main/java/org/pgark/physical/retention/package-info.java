/**
 * Carries out what a policy decides: finds out what the archive proves about timelines and time, lets backups and WAL go in
 * one entry of the log, and deletes WAL afterwards.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.retention;
