package org.pgark.logical.catalog;

/**
 * The kinds of objects that are sorted. The order of the constants breaks ties between objects of one priority and one name (an
 * operator class comes before its family); {@code words} is how a warning about a dependency loop names the kind.
 */
public enum ObjectKind {
    SCHEMA(SortPriority.SCHEMA, "SCHEMA"),
    EXTENSION(SortPriority.EXTENSION, "EXTENSION"),
    TYPE(SortPriority.TYPE, "TYPE"),
    SHELL_TYPE(SortPriority.TYPE, "SHELL TYPE"),
    FUNCTION(SortPriority.FUNCTION, "FUNCTION"),
    AGGREGATE(SortPriority.AGGREGATE, "AGGREGATE"),
    OPERATOR(SortPriority.OPERATOR, "OPERATOR"),
    ACCESS_METHOD(SortPriority.ACCESS_METHOD, "ACCESS METHOD"),
    OPERATOR_CLASS(SortPriority.OPERATOR_FAMILY, "OPERATOR CLASS"),
    OPERATOR_FAMILY(SortPriority.OPERATOR_FAMILY, "OPERATOR FAMILY"),
    COLLATION(SortPriority.COLLATION, "COLLATION"),
    CONVERSION(SortPriority.CONVERSION, "CONVERSION"),
    TABLE(SortPriority.TABLE, "TABLE"),
    TABLE_ATTACH(SortPriority.TABLE_ATTACH, "TABLE ATTACH"),
    COLUMN_DEFAULT(SortPriority.COLUMN_DEFAULT, "ATTRDEF"),
    INDEX(SortPriority.INDEX, "INDEX"),
    INDEX_ATTACH(SortPriority.INDEX_ATTACH, "INDEX ATTACH"),
    EXTENDED_STATISTICS(SortPriority.EXTENDED_STATISTICS, "STATISTICS"),
    RULE(SortPriority.RULE, "RULE"),
    TRIGGER(SortPriority.TRIGGER, "TRIGGER"),
    CONSTRAINT(SortPriority.CONSTRAINT, "CONSTRAINT"),
    FOREIGN_KEY(SortPriority.FOREIGN_KEY, "FK CONSTRAINT"),
    LANGUAGE(SortPriority.LANGUAGE, "PROCEDURAL LANGUAGE"),
    CAST(SortPriority.CAST, "CAST"),
    TABLE_DATA(SortPriority.TABLE_DATA, "TABLE DATA"),
    SEQUENCE_SET(SortPriority.SEQUENCE_SET, "SEQUENCE SET"),
    DUMMY_TYPE(SortPriority.DUMMY_TYPE, "DUMMY TYPE"),
    TEXT_SEARCH_PARSER(SortPriority.TEXT_SEARCH_PARSER, "TEXT SEARCH PARSER"),
    TEXT_SEARCH_DICTIONARY(SortPriority.TEXT_SEARCH_DICTIONARY, "TEXT SEARCH DICTIONARY"),
    TEXT_SEARCH_TEMPLATE(SortPriority.TEXT_SEARCH_TEMPLATE, "TEXT SEARCH TEMPLATE"),
    TEXT_SEARCH_CONFIGURATION(SortPriority.TEXT_SEARCH_CONFIGURATION, "TEXT SEARCH CONFIGURATION"),
    FOREIGN_DATA_WRAPPER(SortPriority.FOREIGN_DATA_WRAPPER, "FOREIGN DATA WRAPPER"),
    FOREIGN_SERVER(SortPriority.FOREIGN_SERVER, "FOREIGN SERVER"),
    DEFAULT_PRIVILEGES(SortPriority.DEFAULT_PRIVILEGES, "DEFAULT ACL"),
    TRANSFORM(SortPriority.TRANSFORM, "TRANSFORM"),
    LARGE_OBJECT(SortPriority.LARGE_OBJECT, "LARGE OBJECT"),
    LARGE_OBJECT_DATA(SortPriority.LARGE_OBJECT_DATA, "LARGE OBJECT DATA"),
    PRE_DATA_BOUNDARY(SortPriority.PRE_DATA_BOUNDARY, "PRE-DATA BOUNDARY"),
    POST_DATA_BOUNDARY(SortPriority.POST_DATA_BOUNDARY, "POST-DATA BOUNDARY"),
    EVENT_TRIGGER(SortPriority.EVENT_TRIGGER, "EVENT TRIGGER"),
    MATERIALIZED_VIEW_REFRESH(SortPriority.MATERIALIZED_VIEW_REFRESH, "REFRESH MATERIALIZED VIEW"),
    POLICY(SortPriority.POLICY, "POLICY"),
    PUBLICATION(SortPriority.PUBLICATION, "PUBLICATION"),
    PUBLICATION_TABLE(SortPriority.PUBLICATION_TABLE, "PUBLICATION TABLE"),
    PUBLICATION_SCHEMA(SortPriority.PUBLICATION_SCHEMA, "PUBLICATION TABLES IN SCHEMA"),
    RELATION_STATISTICS(SortPriority.STATISTICS_DATA, "RELATION STATISTICS FOR"),
    SUBSCRIPTION(SortPriority.SUBSCRIPTION, "SUBSCRIPTION"),
    SUBSCRIPTION_TABLE(SortPriority.SUBSCRIPTION_TABLE, "SUBSCRIPTION TABLE"),
    SINGLE_LARGE_OBJECT(SortPriority.SINGLE_LARGE_OBJECT, "BLOB");

    private final SortPriority priority;
    private final String words;

    ObjectKind(SortPriority priority, String words) {
        this.priority = priority;
        this.words = words;
    }

    public SortPriority priority() {
        return priority;
    }

    public String words() {
        return words;
    }
}
