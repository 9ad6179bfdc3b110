#include "net/atq.hpp"

#include <bit>
#include <system_error>

namespace host {

Atq::Atq() : port_(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0)) {
    if (!port_)
        throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), "completion port");
}

void Atq::start(unsigned threads, ThreadHandler on_thread, PacketHandler on_packet,
                std::chrono::milliseconds period, TickHandler on_tick) {
    on_thread_ = std::move(on_thread);
    on_packet_ = std::move(on_packet);
    on_tick_ = std::move(on_tick);
    period_ = period;
    next_tick_ = (Clock::now() + period_).time_since_epoch().count();
    for (unsigned i = 0; i < threads; ++i)
        add_thread();
}

void Atq::add_thread() {
    const std::lock_guard lock(guard_);
    threads_.emplace_back([this] { work(); });
}

bool Atq::associate(SOCKET socket) noexcept {
    return CreateIoCompletionPort(std::bit_cast<HANDLE>(socket), port_.get(),
                                  static_cast<ULONG_PTR>(PacketKind::io), 0) != nullptr;
}

bool Atq::post(PacketKind kind, OVERLAPPED* overlapped) noexcept {
    return PostQueuedCompletionStatus(port_.get(), 0, static_cast<ULONG_PTR>(kind), overlapped) != FALSE;
}

void Atq::stop() {
    std::vector<std::jthread> threads;
    {
        const std::lock_guard lock(guard_);
        threads.swap(threads_);
    }
    for (std::size_t i = 0; i < threads.size(); ++i)
        (void)post(PacketKind::quit, nullptr);
}

void Atq::work() noexcept {
    on_thread_();
    for (;;) {
        Packet packet{};
        ULONG_PTR key = 0;
        const BOOL well = GetQueuedCompletionStatus(port_.get(), &packet.bytes, &key, &packet.overlapped,
                                                    static_cast<DWORD>(period_.count()));
        packet.error = well ? 0 : GetLastError();
        packet.kind = static_cast<PacketKind>(key);
        const bool dequeued = well || packet.overlapped != nullptr;
        if (dequeued && packet.kind == PacketKind::quit)
            return;
        if (dequeued)
            on_packet_(packet);
        tick_if_due();
    }
}

void Atq::tick_if_due() {
    const auto now = Clock::now();
    Clock::rep due = next_tick_.load(std::memory_order_relaxed);
    // The loser of the exchange leaves this tick to the winner, and next_tick_ stays in the future
    // meanwhile.
    constexpr auto never = Clock::time_point::max().time_since_epoch().count();
    if (now.time_since_epoch().count() < due || !next_tick_.compare_exchange_strong(due, never))
        return;
    on_tick_();
    next_tick_ = (Clock::now() + period_).time_since_epoch().count();
}

} // namespace host
