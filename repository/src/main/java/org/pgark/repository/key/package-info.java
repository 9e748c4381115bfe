/**
 * The keys of an encrypted repository: the key ring, an object of the repository that holds the root key and the data
 * keys, sealed under a ring key, and the recipients, for each of whom the ring key is wrapped.
 *
 * <p>A revision of the ring is written once and never changed; a change writes the next one and then deletes those before.
 * For a recipient with a secret of its own (key file, pass phrase) the ring holds the key that the secret amounts to, so
 * that whoever changes the ring can wrap a new ring key for everybody without knowing their secrets.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.key;
