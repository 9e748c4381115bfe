/**
 * Where the objects of a repository are kept: one small interface, the local directory that implements it, and wrappers.
 *
 * <p>A store knows names and bytes, nothing of what they mean. Every object is written once and never changed.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.storage;
