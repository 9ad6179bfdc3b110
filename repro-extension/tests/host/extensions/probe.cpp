// Completes synchronously, and tells what the host's calls return. The query says what to try.
#include "events.hpp"
#include "extensions/threads.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace {

/// What the calls after DONE_WITH_SESSION returned, for the next request to read.
std::string after_done;

std::string outcome(BOOL result) {
    return result ? "0" : std::to_string(GetLastError());
}

/// "variable=NAME&size=N": GetServerVariable with a buffer of N bytes, as "error size value".
std::string variable(EXTENSION_CONTROL_BLOCK* block) {
    const std::string query = block->lpszQueryString;
    const std::size_t name_at = sizeof("variable=") - 1;
    const std::size_t size_at = query.find("&size=");
    std::string name = query.substr(name_at, size_at - name_at);
    std::array<char, 4096> buffer{};
    DWORD size = size_at == query.npos ? static_cast<DWORD>(buffer.size())
                                       : static_cast<DWORD>(std::stoul(query.substr(size_at + 6)));
    const std::string error =
        outcome(block->GetServerVariable(block->ConnID, name.data(), buffer.data(), &size));
    return fmt::format("{} {} {}", error, size, error == "0" ? buffer.data() : "");
}

/// DONE_WITH_SESSION with the block's address for ConnID, then calls that must all be refused.
void use_after_done(EXTENSION_CONTROL_BLOCK* block) {
    answer(block, "done");
    DWORD size = 1;
    char byte = 'x';
    char name[] = "URL";
    const auto finish = [block] {
        return outcome(
            block->ServerSupportFunction(block, HSE_REQ_DONE_WITH_SESSION, nullptr, nullptr, nullptr));
    };
    const std::string first = finish();
    const std::string write = outcome(block->WriteClient(block->ConnID, &byte, &size, HSE_IO_SYNC));
    const std::string read = outcome(block->ReadClient(block->ConnID, &byte, &size));
    const std::string variable = outcome(block->GetServerVariable(block->ConnID, name, &byte, &size));
    after_done = fmt::format("{} {} {} {} {}", first, write, read, variable, finish());
}

std::string refused_calls(EXTENSION_CONTROL_BLOCK* block) {
    DWORD size = 1;
    char byte = 'x';
    BOOL keep = FALSE;
    const std::string async = outcome(block->WriteClient(block->ConnID, &byte, &size, HSE_IO_ASYNC));
    const std::string nobody = outcome(block->WriteClient(nullptr, &byte, &size, HSE_IO_SYNC));
    const std::string nameless = outcome(block->GetServerVariable(block->ConnID, nullptr, &byte, &size));
    const std::string unknown =
        outcome(block->ServerSupportFunction(block->ConnID, 9999, nullptr, nullptr, nullptr));
    const std::string known =
        outcome(block->ServerSupportFunction(block, HSE_REQ_IS_KEEP_CONN, &keep, nullptr, nullptr));
    return fmt::format("{} {} {} {} {} {}", async, nobody, nameless, unknown, known, keep ? "keep" : "close");
}

} // namespace

DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    if (query_has(block, "after-done")) {
        use_after_done(block);
        return HSE_STATUS_PENDING;
    }
    if (query_has(block, "error"))
        return HSE_STATUS_ERROR;
    if (query_has(block, "close-connection")) {
        block->ServerSupportFunction(block->ConnID, HSE_REQ_CLOSE_CONNECTION, nullptr, nullptr, nullptr);
        test::Event("closed").wait(); // a synchronous return would end the connection, too
        return HSE_STATUS_SUCCESS;
    }
    std::string body = "probe";
    if (query_has(block, "variable="))
        body = variable(block);
    else if (query_has(block, "results"))
        body = after_done;
    else if (query_has(block, "refused"))
        body = refused_calls(block);
    else if (query_has(block, "echo"))
        body.assign(reinterpret_cast<const char*>(block->lpbData), block->cbAvailable);
    answer(block, body, !query_has(block, "plain"), !query_has(block, "fKeepConn=0"));
    return query_has(block, "keep") ? HSE_STATUS_SUCCESS_AND_KEEP_CONN : HSE_STATUS_SUCCESS;
}
