#include "process/standard_streams.hpp"

#include "process/output_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace loadgen {

void flush_stdout() {
    if (std::fflush(stdout) != 0)
        throw OutputError(
            fmt::format("cannot write the result to stdout: {}", std::generic_category().message(errno)));
}

} // namespace loadgen
