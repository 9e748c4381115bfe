package org.pgark.storage;

/** What can be said of a store besides its URL: the settings of {@code [repository.NAME]} that stores read. */
public enum StoreOption {
    /** Base address of the service. */
    ENDPOINT(
            "endpoint",
            Form.TEXT,
            "s3, gs, azblob: base URL of the service where it is not the vendor's own, for example"
                    + " `https://minio:9000`."),
    /** Region that requests are signed for. */
    REGION("region", Form.TEXT, "s3: the region, if the SDK's own environment does not say it."),
    /** Whether the bucket's name stands in the path instead of the host name. */
    PATH_STYLE(
            "path-style",
            Form.FLAG,
            "s3: `true` puts the bucket's name into the path, as MinIO and Ceph often need it."),
    /** Access key. */
    ACCESS_KEY_ID(
            "access-key-id",
            Form.TEXT,
            "s3: the access key; without it the SDK's own chain is used (environment, profiles, SSO, roles)."),
    /** File that holds the access key's secret. */
    SECRET_ACCESS_KEY_FILE("secret-access-key-file", Form.FILE, "s3: file that holds the secret of the access key."),
    /** Certificates that are trusted. */
    CA_FILE(
            "ca-file",
            Form.FILE,
            "s3, gs, azblob: PEM file with the certificates that the service's certificate must go back to."),
    /** Named profile of the SDK. */
    PROFILE("profile", Form.TEXT, "s3: the profile of the SDK's own configuration files."),
    /** Role to assume. */
    ROLE_ARN("role-arn", Form.TEXT, "s3: a role to assume with the credentials that were found."),
    /** External id of the role's trust policy. */
    ROLE_EXTERNAL_ID("role-external-id", Form.TEXT, "s3: the external id that the role's trust policy asks for."),
    /** Server-side encryption. */
    SERVER_SIDE_ENCRYPTION(
            "server-side-encryption",
            Form.TEXT,
            "s3: `AES256`, or `aws:kms` (with `kms-key-id`); without it the bucket's own default applies."),
    /** Key of server-side encryption. */
    KMS_KEY_ID("kms-key-id", Form.TEXT, "s3, gs: the key for the service's own encryption."),
    /** Class of storage. */
    STORAGE_CLASS(
            "storage-class",
            Form.TEXT,
            "s3, gs, azblob: storage class or access tier of packs and WAL; the log keeps the default."),
    /** Scope of the service's own encryption. */
    ENCRYPTION_SCOPE(
            "encryption-scope",
            Form.TEXT,
            "azblob: the encryption scope whose key the service encrypts new blobs by; without it the container's own."),
    /** Class of storage of WAL. */
    WAL_STORAGE_CLASS(
            "wal-storage-class",
            Form.TEXT,
            "s3, gs, azblob: storage class or access tier of WAL, where it is to be another one than that of packs; see `storage-class`."),
    /** File with a key that the service encrypts by and does not keep. */
    CUSTOMER_KEY_FILE(
            "customer-key-file",
            Form.FILE,
            "s3: file with a key of 32 bytes in base64 that the service encrypts by and does not keep (SSE-C). Who"
                    + " loses it loses the repository."),
    /** Tags of objects. */
    TAGS("tags", Form.TEXT, "s3: tags of each object, like `\"team=dba,tier=backup\"`, at most 10."),
    /** Mode of object lock. */
    OBJECT_LOCK(
            "object-lock",
            Form.TEXT,
            "s3, gs, azblob: `governance` or `compliance` locks each object for `object-lock-days`, so that nobody can"
                    + " remove it; the bucket must have been made for that. See"
                    + " [stores](stores.md#objects-that-nobody-can-remove)."),
    /** How long objects are locked. */
    OBJECT_LOCK_DAYS(
            "object-lock-days",
            Form.DAYS,
            "s3, gs, azblob: for how many days an object is locked at least, from its creation on and from each backup"
                    + " on that needs it; without it for the longest `keep.window` of the repository's clusters and 8"
                    + " days."),
    /** Proxy to the service. */
    PROXY(
            "proxy",
            Form.TEXT,
            "s3, gs, azblob: the proxy to reach the service by, like `http://proxy:3128`; without it, for s3 and azblob, that"
                    + " of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`)."),
    /** Whether the requester pays. */
    REQUESTER_PAYS("requester-pays", Form.FLAG, "s3: `true` for a bucket whose requester pays."),
    /** File with the account's key. */
    ACCOUNT_KEY_FILE("account-key-file", Form.FILE, "azblob: file that holds the storage account's key."),
    /** File with a shared access signature. */
    SAS_TOKEN_FILE("sas-token-file", Form.FILE, "azblob: file that holds a shared access signature."),
    /** File with a connection string. */
    CONNECTION_STRING_FILE(
            "connection-string-file", Form.FILE, "azblob: file that holds a connection string of the storage account."),
    /** File with credentials. */
    CREDENTIALS_FILE(
            "credentials-file",
            Form.FILE,
            "gs: file with a service account's or another Google credential; without it the application default is"
                    + " used."),
    /** Account to act as. */
    IMPERSONATE(
            "impersonate-service-account",
            Form.TEXT,
            "gs: the service account to act as, with the credentials that were found."),
    /** User name on the server. */
    USER("user", Form.TEXT, "sftp: the user, where the URL does not name one."),
    /** File with the private key. */
    IDENTITY_FILE(
            "identity-file",
            Form.FILE,
            "sftp: private key; without it the agent's and the usual ones in `~/.ssh` are tried."),
    /** File with the servers' keys. */
    KNOWN_HOSTS_FILE(
            "known-hosts-file",
            Form.FILE,
            "sftp: file with the keys of servers, by default `~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts`; a"
                    + " server that is not in it is refused."),
    /** Transfers at the same time. */
    PARALLEL("parallel", Form.COUNT, "How many transfers run at the same time; each takes memory for one part."),
    /** Size of a part. */
    PART_SIZE(
            "part-size",
            Form.SIZE,
            "Size of the parts that large objects are sent in, where they are not in a local directory."),
    /** Bytes that may be sent in a second. */
    UPLOAD_RATE(
            "upload-rate",
            Form.RATE,
            "s3, gs, azblob, sftp: how much each process may send in a second, on average;"
                    + " with times of day like `\"08:00-18:00 5MiB, 50MiB\"`."),
    /** Bytes that may be fetched in a second. */
    DOWNLOAD_RATE(
            "download-rate",
            Form.RATE,
            "s3, gs, azblob, sftp: how much each process may fetch in a second, on average," + " likewise.");

    private final String key;
    private final Form form;
    private final String help;

    StoreOption(String key, Form form, String help) {
        this.key = key;
        this.form = form;
        this.help = help;
    }

    /** The setting's name, lower case with dashes. */
    public String key() {
        return key;
    }

    /** What its value looks like. */
    public Form form() {
        return form;
    }

    /** What values look like. */
    public enum Form {
        /** Any text. */
        TEXT,
        /** An absolute path. */
        FILE,
        /** {@code true} or {@code false}. */
        FLAG,
        /** A whole number. */
        COUNT,
        /** A whole number of days; none where it is not set. */
        DAYS,
        /** A number of bytes. */
        SIZE,
        /** A number of bytes a second; none where it is not set. */
        RATE
    }

    /** One sentence for the documentation. */
    public String help() {
        return help;
    }
}
