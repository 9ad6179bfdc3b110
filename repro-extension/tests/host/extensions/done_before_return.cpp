// PENDING, the short way round: the request is done before HttpExtensionProc returns. With the
// query word "hold" it returns only when the test says so.
#include "events.hpp"
#include "extensions/threads.hpp"

static DWORD WINAPI work(void* parameter) {
    auto* const block = static_cast<EXTENSION_CONTROL_BLOCK*>(parameter);
    answer(block, "done before return");
    done(block);
    return 0;
}

DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    // The block is not to be read after DONE_WITH_SESSION.
    const bool hold = query_has(block, "hold");
    WaitForSingleObject(start_thread(&work, block), INFINITE);
    if (hold)
        test::Event("return").wait();
    return HSE_STATUS_PENDING;
}
