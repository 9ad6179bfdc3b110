// Wrong uses, each with its error. Of what needs a callback, some come before there is one.
#include "calls.hpp"
#include "rows.hpp"

namespace repro::conformance {
namespace {

void WINAPI nobody(ECB*, void*, DWORD, DWORD) noexcept {}

void set_callback(ECB& ecb) noexcept {
    call(ecb, HSE_REQ_IO_COMPLETION, reinterpret_cast<void*>(&nobody));
}

void no_buffer(ECB& ecb, Reply& reply) noexcept {
    reply.text << call(ecb, HSE_REQ_IS_KEEP_CONN);
    for (const DWORD function : {HSE_REQ_SEND_RESPONSE_HEADER_EX, HSE_REQ_MAP_URL_TO_PATH,
                                 HSE_REQ_MAP_URL_TO_PATH_EX, HSE_APPEND_LOG_PARAMETER, HSE_REQ_IS_CONNECTED,
                                 HSE_REQ_GET_IMPERSONATION_TOKEN, HSE_REQ_NORMALIZE_URL})
        reply.text << " " << call(ecb, function);
}

void no_name(ECB& ecb, Reply& reply) noexcept {
    char byte = 'x';
    DWORD size = 1;
    reply.text << (ecb.GetServerVariable(ecb.ConnID, nullptr, &byte, &size) ? 0 : GetLastError());
}

void write(ECB& ecb, Reply& reply) noexcept {
    char byte = 'x';
    DWORD size = 1;
    const auto error = [&ecb](void* buffer, DWORD* length, DWORD flags) noexcept {
        return ecb.WriteClient(ecb.ConnID, buffer, length, flags) ? 0 : GetLastError();
    };
    reply.text << error(nullptr, &size, HSE_IO_SYNC) << " " << error(&byte, nullptr, HSE_IO_SYNC) << " "
               << error(&byte, &size, HSE_IO_ASYNC);
}

void read(ECB& ecb, Reply& reply) noexcept {
    char byte = 'x';
    DWORD size = 1;
    DWORD none = 0;
    DWORD sync = HSE_IO_SYNC;
    DWORD async = HSE_IO_ASYNC;
    const auto sync_error = [&ecb](void* buffer, DWORD* length) noexcept {
        return ecb.ReadClient(ecb.ConnID, buffer, length) ? 0 : GetLastError();
    };
    const auto async_error = [&ecb](void* buffer, DWORD* length, DWORD* flags) noexcept {
        return call(ecb, HSE_REQ_ASYNC_READ_CLIENT, buffer, length, flags);
    };
    reply.text << sync_error(nullptr, &size) << " " << sync_error(&byte, nullptr) << " "
               << async_error(&byte, &size, &async) << " " << call(ecb, HSE_REQ_IO_COMPLETION);
    set_callback(ecb);
    reply.text << " " << async_error(&byte, &none, &async) << " " << async_error(&byte, &size, &sync) << " "
               << async_error(nullptr, &size, &async);
}

void transmit(ECB& ecb, Reply& reply) noexcept {
    HSE_TF_INFO no_callback{};
    HSE_TF_INFO sync{};
    sync.dwFlags = HSE_IO_SYNC;
    HSE_TF_INFO no_file{};
    no_file.hFile = INVALID_HANDLE_VALUE;
    no_file.dwFlags = HSE_IO_ASYNC;
    reply.text << call(ecb, HSE_REQ_TRANSMIT_FILE) << " " << call(ecb, HSE_REQ_TRANSMIT_FILE, &no_callback);
    set_callback(ecb);
    reply.text << " " << call(ecb, HSE_REQ_TRANSMIT_FILE, &sync) << " "
               << call(ecb, HSE_REQ_TRANSMIT_FILE, &no_file);
}

void vector(ECB& ecb, Reply& reply) noexcept {
    char byte = 'x';
    HSE_VECTOR_ELEMENT odd{7, &byte, 0, 1};
    HSE_RESPONSE_VECTOR odd_vector{HSE_IO_SYNC, nullptr, nullptr, 1, &odd};
    HSE_RESPONSE_VECTOR no_elements{HSE_IO_SYNC, nullptr, nullptr, 1, nullptr};
    reply.text << call(ecb, HSE_REQ_VECTOR_SEND) << " " << call(ecb, HSE_REQ_VECTOR_SEND, &odd_vector) << " "
               << call(ecb, HSE_REQ_VECTOR_SEND, &no_elements);
}

void url(ECB& ecb, Reply& reply) noexcept {
    char nothing[] = "";
    DWORD size = 0;
    reply.text << call(ecb, HSE_REQ_SEND_URL, nothing, &size) << " "
               << call(ecb, HSE_REQ_SEND_URL_REDIRECT_RESP, nothing, &size);
}

constexpr auto rows = std::to_array<Row>({
    {"wrong-url", url},
    {"wrong-write", write},
    {"wrong-read", read},
    {"wrong-transmit", transmit},
    {"wrong-vector", vector},
    {"wrong-certificate",
     [](ECB& ecb, Reply& reply) noexcept { reply.text << call(ecb, HSE_REQ_GET_CERT_INFO_EX); }},
    {"no-name", no_name},
    {"no-buffer", no_buffer},
});

} // namespace

constinit const std::span<const Row> wrong_rows{rows};

} // namespace repro::conformance
