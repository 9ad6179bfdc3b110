#include "isapi/entry_points.hpp"

#include "isapi/block_call.hpp"
#include "isapi/client_io.hpp"
#include "isapi/server_support.hpp"
#include "isapi/server_variables.hpp"

#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace host {
namespace {

/// What every call of an extension ends with: TRUE, or FALSE and the error for GetLastError.
BOOL finish(DWORD error) noexcept {
    SetLastError(error);
    return error == 0;
}

/// `what` with the block of the ConnID, or the error of a ConnID that is none.
template <class What>
BOOL with_block(HCONN id, std::string_view function, What what, bool is_done = false) noexcept {
    DWORD error = ERROR_INVALID_PARAMETER;
    try {
        // The block is let go before the error is set: that may set others.
        if (const BlockCall block(id, function, is_done); block)
            error = what(*block);
    } catch (const std::bad_alloc&) {
        error = ERROR_NOT_ENOUGH_MEMORY;
    }
    return finish(error);
}

DWORD copy_variable(const ControlBlock& block, LPSTR name, LPVOID buffer, LPDWORD size) {
    if (name == nullptr || size == nullptr)
        return ERROR_INVALID_PARAMETER;
    std::string value;
    if (const DWORD error = server_variable(block, name, value); error != 0)
        return error;
    const auto needed = static_cast<DWORD>(value.size() + 1);
    const DWORD room = std::exchange(*size, needed);
    if (buffer == nullptr || room < needed)
        return ERROR_INSUFFICIENT_BUFFER;
    std::memcpy(buffer, value.c_str(), needed);
    return 0;
}

BOOL WINAPI get_server_variable(HCONN id, LPSTR name, LPVOID buffer, LPDWORD size) noexcept {
    return with_block(id, "GetServerVariable",
                      [&](ControlBlock& block) { return copy_variable(block, name, buffer, size); });
}

BOOL WINAPI write_client(HCONN id, LPVOID buffer, LPDWORD size, DWORD flags) noexcept {
    return with_block(id, "WriteClient", [&](ControlBlock& block) {
        return client_io::write(block, buffer, size, (flags & HSE_IO_ASYNC) != 0);
    });
}

BOOL WINAPI read_client(HCONN id, LPVOID buffer, LPDWORD size) noexcept {
    return with_block(id, "ReadClient",
                      [&](ControlBlock& block) { return client_io::read(block, buffer, size); });
}

BOOL WINAPI server_support_function(HCONN id, DWORD function, LPVOID buffer, LPDWORD size,
                                    LPDWORD type) noexcept {
    return with_block(
        id, server_support_name(function),
        [&](ControlBlock& block) { return server_support(block, function, buffer, size, type); },
        function == HSE_REQ_DONE_WITH_SESSION);
}

} // namespace

void set_entry_points(ControlBlock& block) noexcept {
    block.GetServerVariable = &get_server_variable;
    block.WriteClient = &write_client;
    block.ReadClient = &read_client;
    block.ServerSupportFunction = &server_support_function;
}

} // namespace host
