// The C interface of oneDNN; the package's only header that names the library.
#include <oneapi/dnnl/dnnl.h>
