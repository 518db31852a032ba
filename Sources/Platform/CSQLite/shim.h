#include <sqlite3.h>

/* SQLITE_TRANSIENT casts -1 to a function pointer, which Swift does not import: SQLite copies the bytes at once. */
static inline int csqlite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/* SQLITE_TRANSIENT again, for UTF-8 that need not end in a zero; no address would mean NULL and not the empty text. */
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text ? text : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* sqlite3_db_config is variadic: this is its form for options that are switched on or off. */
static inline int csqlite_switch(sqlite3 *database, int option, int is_on) {
    return sqlite3_db_config(database, option, is_on, (int *)0);
}
