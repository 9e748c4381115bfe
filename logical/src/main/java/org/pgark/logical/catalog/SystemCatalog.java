package org.pgark.logical.catalog;

/** The system catalogues whose rows become objects of a dump; their OIDs have never changed. */
public enum SystemCatalog {
    TYPE(1247),
    ATTRIBUTE(1249),
    FUNCTION(1255),
    CLASS(1259),
    DATABASE(1262),
    FOREIGN_SERVER(1417),
    USER_MAPPING(1418),
    FOREIGN_DATA_WRAPPER(2328),
    ACCESS_METHOD(2601),
    ACCESS_METHOD_OPERATOR(2602),
    ACCESS_METHOD_PROCEDURE(2603),
    ATTRIBUTE_DEFAULT(2604),
    CAST(2605),
    CONSTRAINT(2606),
    CONVERSION(2607),
    LANGUAGE(2612),
    LARGE_OBJECT(2613),
    NAMESPACE(2615),
    OPERATOR_CLASS(2616),
    OPERATOR(2617),
    REWRITE(2618),
    TRIGGER(2620),
    OPERATOR_FAMILY(2753),
    DEFAULT_ACL(826),
    LARGE_OBJECT_METADATA(2995),
    EXTENSION(3079),
    POLICY(3256),
    STATISTICS(3381),
    COLLATION(3456),
    EVENT_TRIGGER(3466),
    TRANSFORM(3576),
    TEXT_SEARCH_DICTIONARY(3600),
    TEXT_SEARCH_PARSER(3601),
    TEXT_SEARCH_CONFIGURATION(3602),
    TEXT_SEARCH_TEMPLATE(3764),
    SUBSCRIPTION(6100),
    PUBLICATION(6104),
    PUBLICATION_TABLE(6106),
    PUBLICATION_SCHEMA(6237);

    private final long oid;

    SystemCatalog(long oid) {
        this.oid = oid;
    }

    public long oid() {
        return oid;
    }

    public CatalogId id(long objectOid) {
        return new CatalogId(oid, objectOid);
    }
}
