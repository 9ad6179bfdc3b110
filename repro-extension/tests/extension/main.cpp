// A crash in one of the extension's threads ends the program at once, as a failure. doctest's own
// handler calls exit() in that thread, which can wait forever for a lock the crash left behind;
// without a handler Wine's debugger takes over, and lets the program end with exit code 0.
#define DOCTEST_CONFIG_NO_WINDOWS_SEH
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <windows.h>

#include <cstdio>

namespace {

LONG WINAPI crash(EXCEPTION_POINTERS* exception) {
    std::fprintf(stderr, "crashed: exception 0x%08lx at %p\n", exception->ExceptionRecord->ExceptionCode,
                 exception->ExceptionRecord->ExceptionAddress);
    TerminateProcess(GetCurrentProcess(), EXIT_FAILURE);
    return EXCEPTION_EXECUTE_HANDLER;
}

} // namespace

int main(int argc, char** argv) {
    SetUnhandledExceptionFilter(crash);
    return doctest::Context{argc, argv}.run();
}
