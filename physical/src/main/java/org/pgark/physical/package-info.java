/** What the rooms of physical backup and restore share: how progress is told, and how an operation says that it failed. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical;
