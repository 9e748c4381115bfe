/** Repositories in Azure Blob Storage, by Microsoft's library over the JDK's HTTP client. */
@NullMarked
package org.pgark.storage.azure;

import org.jspecify.annotations.NullMarked;
