// KB 813531 with its steps held apart: the thread is done, and exits only when the test says so.
#include "events.hpp"
#include "extensions/threads.hpp"

static DWORD WINAPI work(void* parameter) {
    auto* const block = static_cast<EXTENSION_CONTROL_BLOCK*>(parameter);
    answer(block, "done then wait");
    done(block);
    test::Event("done").set();
    test::Event("exit").wait();
    return 0;
}

DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    start_thread(&work, block);
    return HSE_STATUS_PENDING;
}
