package org.pgark.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses PGARK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.matches(Pattern.compile(".*/testkit/.*")))
            .importPackages("org.pgark");

    @Test
    void arrowsBetweenRoomsPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy("org.pgark.cli..")
                .layer("agent")
                .definedBy("org.pgark.agent..")
                .layer("physical")
                .definedBy("org.pgark.physical..")
                .layer("logical")
                .definedBy("org.pgark.logical..")
                .layer("repository")
                .definedBy("org.pgark.repository..")
                .layer("storage")
                .definedBy("org.pgark.storage..")
                .layer("postgres")
                .definedBy("org.pgark.postgres..")
                .layer("embedded")
                .definedBy("org.pgark.embedded..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("agent")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("physical")
                .mayOnlyBeAccessedByLayers("agent", "cli")
                .whereLayer("logical")
                .mayOnlyBeAccessedByLayers("agent", "cli")
                .whereLayer("repository")
                .mayOnlyBeAccessedByLayers("physical", "logical", "agent", "cli")
                .whereLayer("storage")
                .mayOnlyBeAccessedByLayers("repository", "physical", "agent", "cli")
                .whereLayer("embedded")
                .mayOnlyBeAccessedByLayers("cli")
                .check(PGARK);
    }

    @Test
    void formatsOfPostgresqlAndServersDependOnNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("org.pgark.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.pgark.storage..", "org.pgark.repository..", "org.pgark.physical..")
                .check(PGARK);
        noClasses()
                .that()
                .resideInAPackage("org.pgark.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.pgark.postgres..", "org.pgark.storage..", "org.pgark.repository..")
                .check(PGARK);
    }

    @Test
    void onlyTheCommandLinePrintsOrEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.pgark.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(PGARK);
    }

    @Test
    void noRoomIsADrawerForEverything() {
        classes()
                .that()
                .doNotHaveSimpleName("ResourceManager") // PostgreSQL's own word
                .should()
                .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..helper..")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .check(PGARK);
    }
}
