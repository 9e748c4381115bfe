package org.pgark.storage.azure;

import com.azure.core.credential.AzureSasCredential;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import org.pgark.storage.RenewedFile;

/** Sees to it that each call is signed by what the file of the shared access signature says at that time. */
final class RenewedSignature extends HttpPipelineSyncPolicy {
    private final RenewedFile file;
    private final AzureSasCredential credential;

    RenewedSignature(RenewedFile file, AzureSasCredential credential) {
        this.file = file;
        this.credential = credential;
    }

    /** Before the call is signed. */
    @Override
    public HttpPipelinePosition getPipelinePosition() {
        return HttpPipelinePosition.PER_CALL;
    }

    @Override
    protected void beforeSendingRequest(HttpPipelineCallContext context) {
        credential.update(file.content());
    }
}
