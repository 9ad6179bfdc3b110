#include "process/terminal.hpp"

#include <windows.h>

namespace loadgen {

// Windows 10 and later know the sequences, when asked to.
bool stderr_is_terminal() {
    const HANDLE screen = GetStdHandle(STD_ERROR_HANDLE);
    DWORD mode = 0;
    return GetConsoleMode(screen, &mode) != 0 &&
           SetConsoleMode(screen, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

std::size_t terminal_width() {
    constexpr std::size_t usual = 79;
    CONSOLE_SCREEN_BUFFER_INFO screen{};
    const bool known = GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &screen) != 0;
    return known && screen.dwSize.X > 1 ? static_cast<std::size_t>(screen.dwSize.X - 1) : usual;
}

} // namespace loadgen
