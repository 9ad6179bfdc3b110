#include "entry_points.hpp"

#include "server_support.hpp"
#include "server_variables.hpp"

#include <cstring>
#include <string>
#include <utility>

namespace host {
namespace {

/// What every call of an extension ends with: TRUE, or FALSE and the error for GetLastError.
BOOL finish(DWORD error) noexcept {
    SetLastError(error);
    return error == 0;
}

// NOLINTNEXTLINE(readability-non-const-parameter): the signature is ISAPI's
BOOL WINAPI get_server_variable(HCONN id, LPSTR name, LPVOID buffer, LPDWORD size) noexcept {
    const ControlBlock* block = ControlBlock::from(id);
    if (block == nullptr || name == nullptr || size == nullptr)
        return finish(ERROR_INVALID_PARAMETER);
    std::string value;
    if (const DWORD error = server_variable(*block, name, value); error != 0)
        return finish(error);
    const auto needed = static_cast<DWORD>(value.size() + 1);
    const DWORD room = std::exchange(*size, needed);
    if (buffer == nullptr || room < needed)
        return finish(ERROR_INSUFFICIENT_BUFFER);
    std::memcpy(buffer, value.c_str(), needed);
    return finish(0);
}

BOOL WINAPI write_client(HCONN id, LPVOID buffer, LPDWORD size, DWORD flags) noexcept {
    ControlBlock* block = ControlBlock::from(id);
    // HSE_IO_ASYNC needs the callback of HSE_REQ_IO_COMPLETION, which no extension can have set
    // here.
    if (block == nullptr || size == nullptr || (buffer == nullptr && *size != 0) ||
        (flags & HSE_IO_ASYNC) != 0)
        return finish(ERROR_INVALID_PARAMETER);
    const DWORD error = block->send({static_cast<const char*>(buffer), *size});
    if (error != 0)
        *size = 0;
    return finish(error);
}

// The whole body was read ahead, so nothing ever follows lpbData.
BOOL WINAPI read_client(HCONN id, LPVOID buffer, LPDWORD size) noexcept {
    if (ControlBlock::from(id) == nullptr || buffer == nullptr || size == nullptr)
        return finish(ERROR_INVALID_PARAMETER);
    *size = 0;
    return finish(0);
}

BOOL WINAPI server_support_function(HCONN id, DWORD function, LPVOID buffer, LPDWORD size,
                                    LPDWORD type) noexcept {
    ControlBlock* block = ControlBlock::from(id);
    return finish(block == nullptr ? ERROR_INVALID_PARAMETER
                                   : server_support(*block, function, buffer, size, type));
}

} // namespace

void set_entry_points(ControlBlock& block) noexcept {
    block.GetServerVariable = &get_server_variable;
    block.WriteClient = &write_client;
    block.ReadClient = &read_client;
    block.ServerSupportFunction = &server_support_function;
}

} // namespace host
