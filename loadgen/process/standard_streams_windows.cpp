#include "process/standard_streams.hpp"

#include "process/output_error.hpp"

#include <cstdio>

#include <fcntl.h>
#include <io.h>

namespace loadgen {
namespace {

bool is_closed(std::FILE* stream) {
    return _fileno(stream) < 0;
}

} // namespace

void check_standard_streams() {
    if (is_closed(stderr))
        static_cast<void>(std::freopen("NUL", "w", stderr));
    if (is_closed(stdout))
        throw OutputError("stdout is closed, where the result should go; > NUL if it isn't wanted");
    // The same bytes as on other systems, wherever they go; a console needs no carriage returns either.
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
}

} // namespace loadgen
