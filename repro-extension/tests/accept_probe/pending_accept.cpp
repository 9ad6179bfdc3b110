#include "pending_accept.hpp"

#include "error.hpp"
#include "net/sockets.hpp"

#include <array>
#include <bit>
#include <deque>

namespace probe {

namespace {

constexpr std::chrono::seconds long_wait{10}; // for what must come
constexpr DWORD address_size = sizeof(sockaddr_in) + 16;
constexpr std::uint32_t still_pending = 0x103; // STATUS_PENDING

unsigned long socket_error() noexcept {
    return static_cast<unsigned long>(WSAGetLastError());
}

DWORD milliseconds(std::chrono::milliseconds duration) {
    return static_cast<DWORD>(duration.count());
}

host::UniqueHandle make_event() {
    host::UniqueHandle event(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!event)
        fail("CreateEvent", GetLastError());
    return event;
}

void wait_for(HANDLE handle, const char* what) {
    if (WaitForSingleObject(handle, milliseconds(long_wait)) != WAIT_OBJECT_0)
        throw CannotFindOut(std::string(what) + " within 10 s");
}

template <class Condition>
bool wait_until(std::chrono::milliseconds patience, Condition condition) {
    for (const auto end = std::chrono::steady_clock::now() + patience; !condition(); Sleep(1))
        if (std::chrono::steady_clock::now() >= end)
            return condition();
    return true;
}

} // namespace

struct PendingAccept::Request : OVERLAPPED {
    Request() noexcept : OVERLAPPED{} {}
    host::UniqueHandle owned_event;
    std::array<char, 1024 + 2 * address_size> buffer{};

    // Kept to the end: what a system forgets to cancel, it may still write to.
    static Request& make() {
        static std::deque<Request> all;
        return all.emplace_back();
    }
};

PendingAccept::PendingAccept(const Case& what)
    : posted_(make_event()), leave_(make_event()), request_(Request::make()), length_(what.length) {
    prepare(what);
    thread_.reset(CreateThread(nullptr, 0, &post_and_wait, this, 0, nullptr));
    if (!thread_)
        fail("CreateThread", GetLastError());
    wait_for(posted_.get(), "AcceptEx does not return");
    if (error_ != 0)
        fail("AcceptEx", error_);
}

PendingAccept::~PendingAccept() {
    // The thread uses this object.
    SetEvent(leave_.get());
    if (thread_)
        WaitForSingleObject(thread_.get(), INFINITE);
}

void PendingAccept::prepare(const Case& what) {
    listener_ = host::make_socket();
    accepted_ = host::make_socket();
    if (!listener_ || !accepted_)
        fail("WSASocket", socket_error());
    host::Options options; // loopback
    options.port = 0;
    host::bind_to_address(listener_.get(), options);
    tcp_port_ = host::listen_on(listener_.get(), 5);
    if (what.port) {
        completion_port_.reset(CreateIoCompletionPort(std::bit_cast<HANDLE>(listener_.get()), nullptr, 0, 0));
        if (!completion_port_)
            fail("CreateIoCompletionPort", GetLastError());
    }
    if (what.event == Event::none)
        return;
    request_.owned_event = make_event();
    const auto bits = std::bit_cast<ULONG_PTR>(request_.owned_event.get());
    request_.hEvent = std::bit_cast<HANDLE>(bits | (what.event == Event::low_bit ? 1U : 0U));
}

DWORD WINAPI PendingAccept::post_and_wait(void* self) noexcept {
    auto& accept = *static_cast<PendingAccept*>(self);
    DWORD bytes = 0;
    try {
        auto* const accept_ex = host::find_accept_ex(accept.listener_.get());
        if (!accept_ex(accept.listener_.get(), accept.accepted_.get(), accept.request_.buffer.data(),
                       accept.length_, address_size, address_size, &bytes, &accept.request_) &&
            WSAGetLastError() != WSA_IO_PENDING)
            accept.error_ = socket_error();
    } catch (const std::exception&) {
        accept.error_ = WSAEOPNOTSUPP;
    }
    SetEvent(accept.posted_.get());
    WaitForSingleObject(accept.leave_.get(), INFINITE);
    return 0;
}

void PendingAccept::wait_for_connection() const {
    if (!wait_until(long_wait, [&] { return connect_time(accepted_.get()).connected(); }))
        throw CannotFindOut("SO_CONNECT_TIME does not say within 10 s that the client is connected");
}

void PendingAccept::wait_for_completion() const {
    if (!completes(long_wait))
        throw CannotFindOut("AcceptEx does not complete within 10 s, though its client has done its part");
}

void PendingAccept::end_thread() {
    SetEvent(leave_.get());
    wait_for(thread_.get(), "the thread does not end");
}

void PendingAccept::cancel() {
    if (!CancelIoEx(std::bit_cast<HANDLE>(listener_.get()), &request_))
        fail("CancelIoEx", GetLastError());
}

std::optional<Packet> PendingAccept::take_packet(std::chrono::milliseconds patience) {
    Packet packet;
    ULONG_PTR key = 0;
    OVERLAPPED* overlapped = nullptr;
    if (!GetQueuedCompletionStatus(completion_port_.get(), &packet.bytes, &key, &overlapped,
                                   milliseconds(patience)))
        packet.error = GetLastError();
    if (overlapped == &request_)
        return packet;
    if (packet.error != WAIT_TIMEOUT)
        fail("GetQueuedCompletionStatus", packet.error);
    return {};
}

bool PendingAccept::completes(std::chrono::milliseconds patience) const {
    return wait_until(patience, [&] { return !pending(); });
}

bool PendingAccept::pending() const noexcept {
    return status() == still_pending;
}

std::uint32_t PendingAccept::status() const noexcept {
    // The system writes it.
    return static_cast<std::uint32_t>(const_cast<const volatile ULONG_PTR&>(request_.Internal));
}

ULONG_PTR PendingAccept::bytes() const noexcept {
    return request_.InternalHigh;
}

ConnectTime connect_time(SOCKET socket) noexcept {
    ConnectTime result;
    int size = sizeof(result.seconds);
    if (getsockopt(socket, SOL_SOCKET, SO_CONNECT_TIME, reinterpret_cast<char*>(&result.seconds), &size) != 0)
        result.error = socket_error();
    return result;
}

} // namespace probe
