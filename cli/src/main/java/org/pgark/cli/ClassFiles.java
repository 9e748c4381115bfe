package org.pgark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Jars whose classes an AOT cache does not take, because their format is older than Java 6 (JVM specification, 4.1): the same
 * classes in the format of Java 8, with stack maps.
 */
final class ClassFiles {
    private static final int FIRST_WITH_STACK_MAPS = 50;
    private static final int VERSION_AT = 6;
    private static final String NOTICE = "META-INF/CHANGED-BY-PGARK";

    private ClassFiles() {}

    /** Rewrites those jars of the folder that have classes of an older format. */
    static void modernise(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        }
        for (Path jar : jars) {
            if (isOld(jar)) {
                rewrite(jar);
            }
        }
    }

    static boolean isOld(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                if (isClass(entry)) {
                    try (InputStream content = file.getInputStream(entry)) {
                        if (isOld(content.readNBytes(VERSION_AT + 2))) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class");
    }

    private static boolean isOld(byte[] classFile) {
        return ((classFile[VERSION_AT] & 0xff) << 8 | (classFile[VERSION_AT + 1] & 0xff)) < FIRST_WITH_STACK_MAPS;
    }

    private static void rewrite(Path jar) throws IOException {
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
        FileTime time = Files.getLastModifiedTime(jar);
        try (JarFile from = new JarFile(jar.toFile());
                JarOutputStream to = new JarOutputStream(Files.newOutputStream(rewritten))) {
            ClassFile format = ClassFile.of(
                    ClassFile.ConstantPoolSharingOption.NEW_POOL,
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing((ClassDesc type) -> classFile(from, type))
                                    .orElse(ClassHierarchyResolver.defaultResolver())
                                    .cached()));
            for (JarEntry entry : from.stream().toList()) {
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                to.putNextEntry(copy);
                try (InputStream content = from.getInputStream(entry)) {
                    byte[] bytes = content.readAllBytes();
                    to.write(isClass(entry) && isOld(bytes) ? modern(format, bytes) : bytes);
                }
                to.closeEntry();
            }
            to.putNextEntry(new JarEntry(NOTICE));
            to.write(
                    "The build of pgark has brought the class files of this jar into the format of Java 8; their code is the same.\n"
                            .getBytes(StandardCharsets.UTF_8));
            to.closeEntry();
        }
        Files.setLastModifiedTime(rewritten, time);
        Files.move(rewritten, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] modern(ClassFile format, byte[] classFile) {
        return format.transformClass(
                format.parse(classFile),
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen((builder, element) -> {
                            if (element instanceof ClassFileVersion) {
                                builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                            } else {
                                builder.with(element);
                            }
                        }));
    }

    @SuppressWarnings("NullAway") // null says to the resolver that the class is not in this jar
    private static InputStream classFile(JarFile jar, ClassDesc type) {
        String name = type.descriptorString();
        JarEntry entry = jar.getJarEntry(name.substring(1, name.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
