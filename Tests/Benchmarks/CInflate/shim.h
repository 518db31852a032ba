#include <zlib.h>

/* inflateInit2 is a macro; 31 means the largest window and a gzip header. */
static inline int cinflate_open(z_stream *stream) { return inflateInit2(stream, 31); }
