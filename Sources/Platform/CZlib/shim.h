#include <zlib.h>

// `inflateInit2` is a macro, which Swift does not see. https://zlib.net/manual.html#Advanced

/// Expects a gzip header and checks the trailer of each member; nothing else is accepted.
static inline int czlib_begin_gzip(z_stream *stream) {
    return inflateInit2(stream, 16 + MAX_WBITS);
}
