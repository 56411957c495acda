// The C interface of zlib; the package's only header that names the library.
#include <zlib.h>
