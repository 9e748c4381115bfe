package org.pgark.storage.s3;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.storage.KeyService;
import org.pgark.storage.KeyServiceProvider;
import org.pgark.storage.StoreSettings;

/** Opens {@code aws-kms://arn:aws:kms:REGION:ACCOUNT:key/ID}, or an alias in the place of the key. */
public final class AwsKeyServiceProvider implements KeyServiceProvider {
    private static final String PREFIX = "aws-kms://";
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+");

    @Override
    public String scheme() {
        return "aws-kms";
    }

    @Override
    public KeyService open(String uri, StoreSettings settings) throws IOException {
        String arn = uri.substring(Math.min(uri.length(), PREFIX.length()));
        Matcher matcher = ARN.matcher(arn);
        if (!uri.startsWith(PREFIX) || !matcher.matches()) {
            throw new IllegalArgumentException("invalid key \"" + uri
                    + "\", must be like \"aws-kms://arn:aws:kms:eu-central-1:111122223333:key/...\"");
        }
        return new AwsKeyService(arn, matcher.group(1), settings);
    }
}
