// Answers in each way the ISAPI has. The answer ends with what the call told.
#include "calls.hpp"
#include "resources.hpp"
#include "rows.hpp"

#include <memory>

namespace repro::conformance {
namespace {

/// "This" stands there in every DLL, in the stub that DOS would run.
constexpr DWORD this_at = 0x4e;
constexpr DWORD this_size = 4;

struct Sending : OnProcessHeap {
    Handle file;
};

Handle own_file() noexcept {
    Buffer name{};
    GetModuleFileNameA(GetModuleHandleA("conformance.dll"), name.data(), static_cast<DWORD>(name.size()));
    const HANDLE file =
        CreateFileA(name.data(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
    return Handle{file == INVALID_HANDLE_VALUE ? nullptr : file};
}

void WINAPI on_sent(ECB* ecb, void* context, DWORD bytes, DWORD error) noexcept {
    const std::unique_ptr<Sending> sending{static_cast<Sending*>(context)};
    Text text;
    text << " " << error << " " << bytes;
    write(*ecb, text.view());
    done(*ecb);
}

/// `begin` begins an asynchronous call that on_sent() is told of, and returns its error.
template <class Begin>
void begin_sending(ECB& ecb, Reply& reply, Begin begin) noexcept {
    std::unique_ptr<Sending> sending{new Sending};
    DWORD error = sending ? 0 : ERROR_NOT_ENOUGH_MEMORY;
    begin_answer(ecb);
    if (error == 0) {
        sending->file = own_file();
        error = call(ecb, HSE_REQ_IO_COMPLETION, reinterpret_cast<void*>(&on_sent), nullptr, sending.get());
    }
    if (error == 0)
        error = begin(sending->file.get());
    if (error == 0) {
        static_cast<void>(sending.release());
        reply.status = HSE_STATUS_PENDING;
        return;
    }
    Text text;
    text << error;
    write(ecb, text.view());
}

void header(ECB& ecb, Reply&) noexcept {
    char status[] = "203 Of its own";
    char headers[] = "Content-Type: text/plain\r\n\r\n";
    Text text;
    text << call(ecb, HSE_REQ_SEND_RESPONSE_HEADER, status, nullptr, headers);
    write(ecb, text.view());
}

void header_default(ECB& ecb, Reply&) noexcept {
    Text text;
    text << call(ecb, HSE_REQ_SEND_RESPONSE_HEADER);
    write(ecb, text.view());
}

void write_sync(ECB& ecb, Reply&) noexcept {
    begin_answer(ecb);
    DWORD size = 0;
    const DWORD error = write(ecb, "written", size);
    Text text;
    text << " " << error << " " << size;
    write(ecb, text.view());
}

void write_async(ECB& ecb, Reply& reply) noexcept {
    begin_sending(ecb, reply, [&ecb](HANDLE) noexcept {
        static char text[] = "written"; // it must stay until the end of the call
        DWORD size = sizeof(text) - 1;
        return ecb.WriteClient(ecb.ConnID, text, &size, HSE_IO_ASYNC) ? 0 : GetLastError();
    });
}

void transmit(ECB& ecb, Reply& reply) noexcept {
    begin_sending(ecb, reply, [&ecb](HANDLE file) noexcept {
        static char head[] = "head ";
        static char tail[] = " tail";
        HSE_TF_INFO info{};
        info.hFile = file;
        info.BytesToWrite = this_size;
        info.Offset = this_at;
        info.pHead = head;
        info.HeadLength = sizeof(head) - 1;
        info.pTail = tail;
        info.TailLength = sizeof(tail) - 1;
        info.dwFlags = HSE_IO_ASYNC;
        return call(ecb, HSE_REQ_TRANSMIT_FILE, &info);
    });
}

DWORD send_vector(ECB& ecb, HANDLE file, DWORD flags) noexcept {
    static char text[] = "skip one, ";
    std::array<HSE_VECTOR_ELEMENT, 3> elements{{
        {HSE_VECTOR_ELEMENT_TYPE_MEMORY_BUFFER, text, 5, 5},
        {HSE_VECTOR_ELEMENT_TYPE_FILE_HANDLE, file, this_at, this_size},
        {HSE_VECTOR_ELEMENT_TYPE_MEMORY_BUFFER, text, 0, 5},
    }};
    HSE_RESPONSE_VECTOR vector{flags, nullptr, nullptr, static_cast<DWORD>(elements.size()), elements.data()};
    return call(ecb, HSE_REQ_VECTOR_SEND, &vector);
}

void vector(ECB& ecb, Reply&) noexcept {
    begin_answer(ecb);
    const Handle file = own_file();
    Text text;
    text << send_vector(ecb, file.get(), HSE_IO_SYNC);
    write(ecb, text.view());
}

void vector_async(ECB& ecb, Reply& reply) noexcept {
    begin_sending(ecb, reply, [&ecb](HANDLE file) noexcept { return send_vector(ecb, file, HSE_IO_ASYNC); });
}

constexpr auto rows = std::to_array<Row>({
    {"header", header},
    {"header-default", header_default},
    {"write", write_sync},
    {"write-async", write_async},
    {"transmit", transmit},
    {"vector", vector},
    {"vector-async", vector_async},
});

} // namespace

constinit const std::span<const Row> send_rows{rows};

} // namespace repro::conformance
