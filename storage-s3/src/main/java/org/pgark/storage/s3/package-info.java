/** Repositories in S3, and in services that speak as it does: MinIO, Ceph, R2, Wasabi and others; and keys of AWS KMS. */
@NullMarked
package org.pgark.storage.s3;

import org.jspecify.annotations.NullMarked;
