#include "process/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace loadgen {

bool stderr_is_terminal() {
    return isatty(STDERR_FILENO) != 0;
}

std::size_t terminal_width() {
    constexpr std::size_t usual = 79;
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : usual;
}

} // namespace loadgen
