// Ctrl-C, and what else asks the program to end.
#pragma once

namespace loadgen {

/// From here on these no longer end the process, but are counted: SIGINT and SIGTERM, or on Windows Ctrl-C
/// and Ctrl-Break.
void catch_interrupts();

/// How many have come.
int interrupts();

inline bool interrupted() {
    return interrupts() > 0;
}

} // namespace loadgen
