// Breaks a rule of the ISAPI, or of everything, as the query names it.
#include "events.hpp"
#include "extensions/threads.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using Block = EXTENSION_CONTROL_BLOCK;

Block* kept = nullptr; // of a request that was completed

void crash() {
    *static_cast<volatile int*>(nullptr) = 1;
}

int overflow(int depth) { // NOLINT(misc-no-recursion): that is its purpose
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : overflow(depth + 1) + room[0];
}

void break_something(Block* block) {
    const std::string_view what = block->lpszQueryString;
    if (what.starts_with("crash"))
        crash();
    else if (what.starts_with("throw"))
        throw std::runtime_error("nobody catches this");
    else if (what.starts_with("overflow"))
        overflow(0);
    else if (what.starts_with("exit"))
        std::exit(0);
    else if (what.starts_with("end-process"))
        ExitProcess(0);
    else if (what.starts_with("abort"))
        std::abort();
    else if (what.starts_with("bad-memory"))
        block->GetServerVariable(block->ConnID, reinterpret_cast<char*>(8), reinterpret_cast<void*>(8),
                                 reinterpret_cast<DWORD*>(8));
}

DWORD WINAPI break_in_thread(void* context) {
    break_something(static_cast<Block*>(context));
    return 0;
}

std::atomic<int> done_well = 0;

DWORD WINAPI done_at_once(void* context) {
    auto* const block = static_cast<Block*>(context);
    test::Event("all").wait();
    done_well +=
        block->ServerSupportFunction(block, HSE_REQ_DONE_WITH_SESSION, nullptr, nullptr, nullptr) ? 1 : 0;
    return 0;
}

// A write with the block of another request, that was completed.
void write_with_kept(Block* block) {
    char text[] = "stale";
    DWORD size = sizeof(text) - 1;
    const bool wrote = kept->WriteClient(kept->ConnID, text, &size, HSE_IO_SYNC) != FALSE;
    answer(block, wrote ? "written" : std::to_string(GetLastError()));
}

} // namespace

DWORD WINAPI HttpExtensionProc(Block* block) {
    const std::string_view what = block->lpszQueryString;
    if (query_has(block, "thread")) {
        start_thread(&break_in_thread, block);
        return HSE_STATUS_PENDING;
    }
    if (what.starts_with("never"))
        return HSE_STATUS_PENDING;
    if (what.starts_with("leave"))
        ExitThread(0);
    if (what.starts_with("wait"))
        test::Event("go-on").wait();
    if (what.starts_with("stale")) {
        write_with_kept(block);
        return HSE_STATUS_SUCCESS;
    }
    if (what.starts_with("done-by-all")) {
        answer(block, "once");
        for (int i = 0; i < 8; ++i)
            start_thread(&done_at_once, block);
        test::Event("all").set();
        return HSE_STATUS_PENDING;
    }
    if (what.starts_with("done-well")) {
        answer(block, std::to_string(done_well));
        return HSE_STATUS_SUCCESS;
    }
    break_something(block);
    answer(block, "whole");
    kept = block;
    if (what.starts_with("twice")) {
        done(block);
        done(block);
        return HSE_STATUS_PENDING;
    }
    if (what.starts_with("both"))
        done(block);
    return HSE_STATUS_SUCCESS;
}
