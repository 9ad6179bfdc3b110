#include "isapi/client_io.hpp"

#include "isapi/files.hpp"

#include <span>
#include <utility>

namespace host::client_io {
namespace {

std::string_view text_or_nothing(const char* text) noexcept {
    return text == nullptr ? std::string_view() : std::string_view(text);
}

DWORD append(std::string& bytes, const HSE_VECTOR_ELEMENT& element) {
    switch (element.ElementType) {
    case HSE_VECTOR_ELEMENT_TYPE_MEMORY_BUFFER:
        if (element.pvContext == nullptr && element.cbSize > 0)
            return ERROR_INVALID_PARAMETER;
        bytes.append(static_cast<const char*>(element.pvContext) + element.cbOffset,
                     static_cast<std::size_t>(element.cbSize));
        return 0;
    case HSE_VECTOR_ELEMENT_TYPE_FILE_HANDLE:
        return append_file(bytes, element.pvContext, element.cbOffset, element.cbSize);
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

} // namespace

DWORD write(ControlBlock& block, void* buffer, DWORD* size, bool async) {
    if (size == nullptr || (buffer == nullptr && *size != 0) || (async && block.callback.function == nullptr))
        return ERROR_INVALID_PARAMETER;
    const std::string_view bytes(static_cast<const char*>(buffer), *size);
    if (async) {
        return block.begin_call(true, [&](AsyncCall& call, Connection& connection, const Poster& poster) {
            return call.write(connection, poster, block.callback, bytes);
        });
    }
    const DWORD error = block.send(bytes);
    if (error != 0)
        *size = 0;
    return error;
}

DWORD read(ControlBlock& block, void* buffer, DWORD* size) {
    if (buffer == nullptr || size == nullptr)
        return ERROR_INVALID_PARAMETER;
    std::size_t got = 0;
    const DWORD error = block.read({static_cast<char*>(buffer), *size}, got);
    *size = static_cast<DWORD>(got);
    return error;
}

// NOLINTNEXTLINE(readability-non-const-parameter): all in the table have one type
DWORD set_callback(ControlBlock& block, void* buffer, DWORD*, DWORD* type) {
    if (buffer == nullptr)
        return ERROR_INVALID_PARAMETER;
    block.callback = {reinterpret_cast<PFN_HSE_IO_COMPLETION>(buffer), type};
    return 0;
}

DWORD read_async(ControlBlock& block, void* buffer, DWORD* size, DWORD* type) {
    if (buffer == nullptr || size == nullptr || *size == 0 || type == nullptr ||
        (*type & HSE_IO_ASYNC) == 0 || block.callback.function == nullptr)
        return ERROR_INVALID_PARAMETER;
    const std::span room(static_cast<char*>(buffer), *size);
    return block.begin_call(false, [&](AsyncCall& call, Connection& connection, const Poster& poster) {
        return call.read(connection, poster, block.callback, room);
    });
}

DWORD transmit_file(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    const auto* const info = static_cast<const HSE_TF_INFO*>(buffer);
    if (info == nullptr || (info->dwFlags & HSE_IO_SYNC) != 0 || info->hFile == INVALID_HANDLE_VALUE ||
        (info->pHead == nullptr && info->HeadLength > 0) || (info->pTail == nullptr && info->TailLength > 0))
        return ERROR_INVALID_PARAMETER;
    const Callback callback =
        info->pfnHseIO == nullptr
            ? block.callback
            : Callback{info->pfnHseIO, info->pContext == nullptr ? block.callback.context : info->pContext};
    if (callback.function == nullptr)
        return ERROR_INVALID_PARAMETER;
    std::string head(static_cast<const char*>(info->pHead), info->HeadLength);
    if ((info->dwFlags & HSE_IO_SEND_HEADERS) != 0)
        head = block.head(text_or_nothing(info->pszStatusCode), head, std::nullopt);
    if ((info->dwFlags & HSE_IO_DISCONNECT_AFTER_SEND) != 0)
        block.disconnect_after_send();
    return block.begin_call(true, [&](AsyncCall& call, Connection& connection, const Poster& poster) {
        return call.transmit(connection, poster, callback,
                             {std::move(head),
                              info->hFile,
                              info->Offset,
                              info->BytesToWrite,
                              {static_cast<const char*>(info->pTail), info->TailLength}});
    });
}

DWORD send_vector(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    const auto* const vector = static_cast<const HSE_RESPONSE_VECTOR*>(buffer);
    const bool async = vector != nullptr && (vector->dwFlags & HSE_IO_ASYNC) != 0;
    if (vector == nullptr || (vector->lpElementArray == nullptr && vector->nElementCount > 0) ||
        (async && (block.callback.function == nullptr || (vector->dwFlags & HSE_IO_SYNC) != 0)))
        return ERROR_INVALID_PARAMETER;
    std::string bytes;
    for (const HSE_VECTOR_ELEMENT& element : std::span(vector->lpElementArray, vector->nElementCount))
        if (const DWORD error = append(bytes, element); error != 0)
            return error;
    if ((vector->dwFlags & HSE_IO_SEND_HEADERS) != 0)
        bytes.insert(0, block.head(text_or_nothing(vector->pszStatus), text_or_nothing(vector->pszHeaders),
                                   std::nullopt));
    if ((vector->dwFlags & HSE_IO_DISCONNECT_AFTER_SEND) != 0)
        block.disconnect_after_send();
    if (!async)
        return block.send(bytes);
    return block.begin_call(true, [&](AsyncCall& call, Connection& connection, const Poster& poster) {
        return call.write_own(connection, poster, block.callback, std::move(bytes));
    });
}

} // namespace host::client_io
