// Reads bodies and sends answers in each way the ISAPI has, as the query names it.
#include "events.hpp"
#include "extensions/threads.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace {

using Block = EXTENSION_CONTROL_BLOCK;

/// What a body adds up to: its length and an FNV-1a hash.
struct Sum {
    std::uint64_t bytes = 0;
    std::uint32_t hash = 2'166'136'261;

    void add(std::string_view text) {
        bytes += text.size();
        for (const unsigned char letter : text)
            hash = (hash ^ letter) * 16'777'619;
    }
    std::string text() const { return fmt::format("{} {:08x}", bytes, hash); }
};

DWORD call(Block* block, DWORD function, void* buffer = nullptr, DWORD* size = nullptr,
           void* type = nullptr) {
    return block->ServerSupportFunction(block->ConnID, function, buffer, size, static_cast<DWORD*>(type))
               ? 0
               : GetLastError();
}

/// The query's number after NAME=.
DWORD number(const Block* block, std::string_view name, DWORD otherwise) {
    const std::string_view query = block->lpszQueryString;
    const std::size_t at = query.find(name);
    return at == std::string_view::npos
               ? otherwise
               : static_cast<DWORD>(std::stoul(std::string(query.substr(at + name.size()))));
}

Sum ahead(const Block* block) {
    Sum sum;
    sum.add({reinterpret_cast<const char*>(block->lpbData), block->cbAvailable});
    return sum;
}

std::string read_all(Block* block) {
    Sum sum = ahead(block);
    std::string room(number(block, "piece=", 10'000), '\0');
    DWORD got = 0;
    do {
        got = static_cast<DWORD>(room.size());
        if (!block->ReadClient(block->ConnID, room.data(), &got))
            return fmt::format("error {} after {}", GetLastError(), sum.text());
        sum.add({room.data(), got});
    } while (got > 0);
    return fmt::format("{} {} {}", block->cbTotalBytes, block->cbAvailable, sum.text());
}

/// A request in asynchronous hands: lives from HttpExtensionProc to the last callback.
struct Pending {
    Sum sum;
    std::string bytes;
    std::string second; ///< what a second call said while one was under way
    HANDLE file = nullptr;
    ~Pending() {
        if (file != nullptr)
            CloseHandle(file);
    }
};

DWORD read_some(Block* block, Pending* pending) {
    auto size = static_cast<DWORD>(pending->bytes.size());
    DWORD flags = HSE_IO_ASYNC;
    return call(block, HSE_REQ_ASYNC_READ_CLIENT, pending->bytes.data(), &size, &flags);
}

void end(Block* block, Pending* pending) {
    const std::unique_ptr<Pending> owner(pending);
    done(block);
}

void WINAPI on_read(Block* block, PVOID context, DWORD bytes, DWORD error) {
    auto* const pending = static_cast<Pending*>(context);
    pending->sum.add({pending->bytes.data(), bytes});
    if (bytes > 0 && error == 0 && (error = read_some(block, pending)) == 0)
        return;
    answer(block, fmt::format("{} {}{}", error, pending->sum.text(), pending->second));
    end(block, pending);
}

/// Of a write, a file or a vector: what was sent is the answer.
void WINAPI on_sent(Block* block, PVOID context, DWORD, DWORD) {
    end(block, static_cast<Pending*>(context));
}

void fail(Block* block, Pending* pending, DWORD error) {
    answer(block, fmt::format("error {}", error));
    end(block, pending);
}

void begin_read(Block* block) {
    auto* const pending = new Pending{ahead(block), std::string(number(block, "piece=", 10'000), '\0')};
    call(block, HSE_REQ_IO_COMPLETION, reinterpret_cast<void*>(&on_read), nullptr, pending);
    if (const DWORD error = read_some(block, pending); error != 0)
        fail(block, pending, error);
    else if (query_has(block, "twice")) {
        pending->second = fmt::format(" {}", read_some(block, pending));
        test::Event("called").set(); // the client sends nothing before
    } else if (query_has(block, "done-during")) {
        done(block);
        test::Event("called").set();
    }
}

void begin_write(Block* block) {
    auto* const pending = new Pending;
    const std::string body(number(block, "bytes=", 100), 'w');
    pending->bytes = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
    auto size = static_cast<DWORD>(pending->bytes.size());
    call(block, HSE_REQ_IO_COMPLETION, reinterpret_cast<void*>(&on_sent), nullptr, pending);
    if (!block->WriteClient(block->ConnID, pending->bytes.data(), &size, HSE_IO_ASYNC))
        fail(block, pending, GetLastError());
}

/// This DLL's own file: its PATH_TRANSLATED, when /client-io.dll follows its name.
HANDLE open_own(const Block* block) {
    return CreateFileA(block->lpszPathTranslated, GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING,
                       FILE_FLAG_SEQUENTIAL_SCAN, nullptr);
}

void begin_transmit(Block* block) {
    auto* const pending = new Pending;
    const bool whole = query_has(block, "whole");
    pending->file = open_own(block);
    pending->bytes = fmt::format("Content-Type: x/y\r\nContent-Length: {}\r\n\r\nhead ",
                                 whole ? GetFileSize(pending->file, nullptr) + 10 : 14U);
    HSE_TF_INFO info{};
    info.pfnHseIO = &on_sent;
    info.pContext = pending;
    info.hFile = pending->file;
    info.pszStatusCode = "203 From a file";
    info.BytesToWrite = whole ? 0 : 4;
    info.Offset = whole ? 0 : 0x4e;
    info.pHead = pending->bytes.data();
    info.HeadLength = static_cast<DWORD>(pending->bytes.size());
    pending->second = " tail";
    info.pTail = pending->second.data();
    info.TailLength = static_cast<DWORD>(pending->second.size());
    info.dwFlags = HSE_IO_ASYNC | HSE_IO_SEND_HEADERS |
                   (query_has(block, "disconnect") ? HSE_IO_DISCONNECT_AFTER_SEND : 0U);
    if (const DWORD error = call(block, HSE_REQ_TRANSMIT_FILE, &info); error != 0)
        fail(block, pending, error);
}

DWORD send_vector(Block* block, DWORD flags, Pending* pending) {
    char first[] = "skip one, ";
    char headers[] = "Content-Length: 14\r\n\r\n";
    char status[] = "200 Vector";
    std::array<HSE_VECTOR_ELEMENT, 3> elements{};
    elements[0] = {HSE_VECTOR_ELEMENT_TYPE_MEMORY_BUFFER, first, 5, 5};
    elements[1] = {HSE_VECTOR_ELEMENT_TYPE_FILE_HANDLE, pending->file, 0x4e, 4};
    elements[2] = {HSE_VECTOR_ELEMENT_TYPE_MEMORY_BUFFER, first, 0, 5};
    HSE_RESPONSE_VECTOR vector{flags | HSE_IO_SEND_HEADERS | HSE_IO_FINAL_SEND, status, headers,
                               static_cast<DWORD>(elements.size()), elements.data()};
    return call(block, HSE_REQ_VECTOR_SEND, &vector);
}

void begin_vector(Block* block) {
    auto* const pending = new Pending;
    pending->file = open_own(block);
    call(block, HSE_REQ_IO_COMPLETION, reinterpret_cast<void*>(&on_sent), nullptr, pending);
    if (const DWORD error = send_vector(block, HSE_IO_ASYNC, pending); error != 0)
        fail(block, pending, error);
}

void WINAPI nobody(Block*, PVOID, DWORD, DWORD) {}

/// Each wrong use, with its error.
std::string wrong_uses(Block* block) {
    char byte = 'x';
    DWORD size = 1;
    DWORD none = 0;
    DWORD async = HSE_IO_ASYNC;
    DWORD sync = HSE_IO_SYNC;
    HSE_TF_INFO no_callback{};
    const auto write = [&](void* buffer, DWORD* length, DWORD flags) {
        return block->WriteClient(block->ConnID, buffer, length, flags) ? 0 : GetLastError();
    };
    const auto read = [&](void* buffer, DWORD* length) {
        return block->ReadClient(block->ConnID, buffer, length) ? 0 : GetLastError();
    };
    std::string found =
        fmt::format("write {} {} {}; read {} {};", write(nullptr, &size, 0), write(&byte, nullptr, 0),
                    write(&byte, &size, HSE_IO_ASYNC), read(nullptr, &size), read(&byte, nullptr));
    found += fmt::format(" completion {}; before {} {};", call(block, HSE_REQ_IO_COMPLETION),
                         call(block, HSE_REQ_ASYNC_READ_CLIENT, &byte, &size, &async),
                         call(block, HSE_REQ_TRANSMIT_FILE, &no_callback));
    call(block, HSE_REQ_IO_COMPLETION, reinterpret_cast<void*>(&nobody));
    HSE_TF_INFO sync_file{};
    sync_file.dwFlags = HSE_IO_SYNC;
    HSE_TF_INFO bad_file{};
    bad_file.hFile = INVALID_HANDLE_VALUE;
    HSE_VECTOR_ELEMENT odd{7, &byte, 0, 1};
    HSE_RESPONSE_VECTOR odd_vector{HSE_IO_SYNC, nullptr, nullptr, 1, &odd};
    HSE_RESPONSE_VECTOR no_elements{HSE_IO_SYNC, nullptr, nullptr, 1, nullptr};
    found += fmt::format(" read {} {} {}; file {} {} {}; vector {} {} {}",
                         call(block, HSE_REQ_ASYNC_READ_CLIENT, &byte, &none, &async),
                         call(block, HSE_REQ_ASYNC_READ_CLIENT, &byte, &size, &sync),
                         call(block, HSE_REQ_ASYNC_READ_CLIENT, nullptr, &size, &async),
                         call(block, HSE_REQ_TRANSMIT_FILE), call(block, HSE_REQ_TRANSMIT_FILE, &sync_file),
                         call(block, HSE_REQ_TRANSMIT_FILE, &bad_file), call(block, HSE_REQ_VECTOR_SEND),
                         call(block, HSE_REQ_VECTOR_SEND, &odd_vector),
                         call(block, HSE_REQ_VECTOR_SEND, &no_elements));
    return found;
}

using Begin = void (*)(Block*);

Begin asynchronous(const Block* block) {
    const std::string_view what = block->lpszQueryString;
    return what.starts_with("async-read")     ? &begin_read
           : what.starts_with("async-write")  ? &begin_write
           : what.starts_with("transmit")     ? &begin_transmit
           : what.starts_with("async-vector") ? &begin_vector
                                              : nullptr;
}

DWORD WINAPI begin_in_thread(void* context) {
    auto* const block = static_cast<Block*>(context);
    asynchronous(block)(block);
    return 0;
}

} // namespace

DWORD WINAPI HttpExtensionProc(Block* block) {
    const std::string_view what = block->lpszQueryString;
    if (const Begin begin = asynchronous(block); begin != nullptr) {
        if (query_has(block, "thread"))
            start_thread(&begin_in_thread, block);
        else
            begin(block);
        return HSE_STATUS_PENDING;
    }
    if (what.starts_with("vector")) {
        Pending pending;
        pending.file = open_own(block);
        if (const DWORD error = send_vector(block, HSE_IO_SYNC, &pending); error != 0)
            answer(block, fmt::format("error {}", error));
    } else if (what.starts_with("send-url=")) {
        std::string url(what.substr(9));
        auto size = static_cast<DWORD>(url.size());
        if (const DWORD error = call(block, HSE_REQ_SEND_URL, url.data(), &size); error != 0)
            answer(block, fmt::format("error {}", error));
    } else if (what.starts_with("certificate")) {
        CERT_CONTEXT_EX context{};
        context.CertContext.cbCertEncoded = 1;
        const DWORD error = call(block, HSE_REQ_GET_CERT_INFO_EX, &context);
        answer(block, fmt::format("{} {} {}", error, context.CertContext.cbCertEncoded,
                                  call(block, HSE_REQ_GET_CERT_INFO_EX)));
    } else if (what.starts_with("wrong")) {
        answer(block, wrong_uses(block));
    } else if (what.starts_with("ignore")) {
        answer(block, "not read");
    } else {
        answer(block, read_all(block));
    }
    return query_has(block, "keep") ? HSE_STATUS_SUCCESS_AND_KEEP_CONN : HSE_STATUS_SUCCESS;
}
