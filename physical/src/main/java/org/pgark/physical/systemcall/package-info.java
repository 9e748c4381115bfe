/**
 * Calls of Linux that Java has no method for, through its Foreign Function API: {@link
 * org.pgark.physical.systemcall.FileSystemSync} makes whole file systems durable, {@link
 * org.pgark.physical.systemcall.FileClone} copies a file by sharing its blocks, {@link
 * org.pgark.physical.systemcall.PageCache} keeps what is read out of memory. Each says whether this platform has it.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.systemcall;
