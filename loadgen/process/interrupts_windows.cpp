// Not std::signal: there the handler is forgotten each time it runs, and a second Ctrl-C at that moment ends
// the process.
#include "process/interrupts.hpp"

#include <windows.h>

#include <atomic>

namespace loadgen {
namespace {

std::atomic<int> count = 0;

BOOL WINAPI on_console_event(DWORD event) {
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        return FALSE; // the console closes, or the user logs off: there is no time to finish anything
    ++count;
    return TRUE;
}

} // namespace

void catch_interrupts() {
    SetConsoleCtrlHandler(&on_console_event, TRUE);
}

int interrupts() {
    return count;
}

} // namespace loadgen
