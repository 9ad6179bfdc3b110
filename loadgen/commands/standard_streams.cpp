#include "commands/standard_streams.hpp"

#include "report/csv.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

namespace loadgen {

void check_standard_streams() {
#ifndef _WIN32
    const bool stdout_is_closed = fcntl(STDOUT_FILENO, F_GETFD) == -1;
    int descriptor = 0;
    while (descriptor >= 0 && descriptor <= STDERR_FILENO) // the lowest free one comes first
        descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (descriptor > STDERR_FILENO)
        close(descriptor);
    if (stdout_is_closed)
        throw OutputError("stdout is closed, where the result should go; > /dev/null if it isn't wanted");
#endif
}

void flush_stdout() {
    if (std::fflush(stdout) != 0)
        throw OutputError(
            fmt::format("cannot write the result to stdout: {}", std::generic_category().message(errno)));
}

} // namespace loadgen
