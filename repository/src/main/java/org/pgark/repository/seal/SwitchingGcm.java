package org.pgark.repository.seal;

import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM by the best provider at hand, chosen anew at each initialisation. TLS initialises once for each record, so a
 * connection that has long been open becomes faster, too.
 */
final class SwitchingGcm extends CipherSpi {
    private Cipher cipher = GcmProvider.cipher();

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
        if (!mode.equalsIgnoreCase("GCM")) {
            throw new NoSuchAlgorithmException("mode " + mode);
        }
    }

    @Override
    protected void engineSetPadding(String padding) throws NoSuchPaddingException {
        if (!padding.equalsIgnoreCase("NoPadding")) {
            throw new NoSuchPaddingException("padding " + padding);
        }
    }

    @Override
    protected int engineGetBlockSize() {
        return cipher.getBlockSize();
    }

    @Override
    protected int engineGetOutputSize(int inputLength) {
        return cipher.getOutputSize(inputLength);
    }

    @Override
    protected byte @Nullable [] engineGetIV() {
        return cipher.getIV();
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        return cipher.getParameters();
    }

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
        best().init(mode, key, random);
    }

    @Override
    protected void engineInit(int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        best().init(mode, key, parameters, random);
    }

    @Override
    protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        best().init(mode, key, parameters, random);
    }

    private Cipher best() {
        if (!GcmProvider.isBest(cipher)) {
            cipher = GcmProvider.cipher();
        }
        return cipher;
    }

    @Override
    protected void engineUpdateAAD(byte[] source, int offset, int length) {
        cipher.updateAAD(source, offset, length);
    }

    @Override
    protected void engineUpdateAAD(ByteBuffer source) {
        cipher.updateAAD(source);
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int offset, int length) {
        GcmProvider.passing(length);
        byte[] output = cipher.update(input, offset, length);
        return output == null ? new byte[0] : output;
    }

    @Override
    protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int outputOffset)
            throws ShortBufferException {
        GcmProvider.passing(length);
        return cipher.update(input, offset, length, output, outputOffset);
    }

    @Override
    protected int engineUpdate(ByteBuffer input, ByteBuffer output) throws ShortBufferException {
        GcmProvider.passing(input.remaining());
        return cipher.update(input, output);
    }

    @Override
    protected byte[] engineDoFinal(byte @Nullable [] input, int offset, int length)
            throws IllegalBlockSizeException, BadPaddingException {
        GcmProvider.passing(length);
        return input == null ? cipher.doFinal() : cipher.doFinal(input, offset, length);
    }

    @Override
    protected int engineDoFinal(byte @Nullable [] input, int offset, int length, byte[] output, int outputOffset)
            throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
        GcmProvider.passing(length);
        return input == null
                ? cipher.doFinal(output, outputOffset)
                : cipher.doFinal(input, offset, length, output, outputOffset);
    }

    @Override
    protected int engineDoFinal(ByteBuffer input, ByteBuffer output)
            throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
        GcmProvider.passing(input.remaining());
        return cipher.doFinal(input, output);
    }
}
