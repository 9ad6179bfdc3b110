// PENDING, the usual way round: the request is done when the test says so, which it does after
// HttpExtensionProc has returned.
#include "events.hpp"
#include "extensions/threads.hpp"

static DWORD WINAPI work(void* parameter) {
    auto* const block = static_cast<EXTENSION_CONTROL_BLOCK*>(parameter);
    test::Event("started").set();
    test::Event("release").wait();
    answer(block, "done after return");
    done(block);
    return 0;
}

DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    start_thread(&work, block);
    return HSE_STATUS_PENDING;
}
