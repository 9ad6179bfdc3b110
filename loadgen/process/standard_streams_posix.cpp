#include "process/standard_streams.hpp"

#include "process/output_error.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace loadgen {

void check_standard_streams() {
    const bool stdout_is_closed = fcntl(STDOUT_FILENO, F_GETFD) == -1;
    int descriptor = 0;
    while (descriptor >= 0 && descriptor <= STDERR_FILENO) // the lowest free one comes first
        descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (descriptor > STDERR_FILENO)
        close(descriptor);
    if (stdout_is_closed)
        throw OutputError("stdout is closed, where the result should go; > /dev/null if it isn't wanted");
}

} // namespace loadgen
