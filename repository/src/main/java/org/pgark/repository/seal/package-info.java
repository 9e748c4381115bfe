/**
 * Sealing: the data keys of a repository, the key of each object, and AES-256-GCM.
 *
 * <p>Every object has a key of its own, derived from a data key and the random salt in its header; within an object the
 * nonce is the frame's number. So no nonce is ever used twice with one key, and nothing has to be counted or remembered.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.seal;
