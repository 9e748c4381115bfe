/**
 * Repositories in Google Cloud Storage: the service's JSON interface by the JDK's HTTP client, credentials of every kind by
 * Google's library for them.
 */
@NullMarked
package org.pgark.storage.gcs;

import org.jspecify.annotations.NullMarked;
