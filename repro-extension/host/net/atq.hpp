// The Asynchronous Thread Queue: one completion port and the pool of threads that serve it.
#pragma once

#include "base/handles.hpp"
#include "base/mutex.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace host {

/// What a packet at the port is about.
enum class PacketKind : ULONG_PTR {
    io,        ///< an AcceptEx or a read ended
    resume,    ///< a kept connection was handed to the pool
    replenish, ///< AcceptEx requests are wanted
    quit,      ///< a pool thread is to end
};

struct Packet {
    PacketKind kind;
    OVERLAPPED* overlapped; ///< null for replenish and quit
    DWORD bytes;
    DWORD error; ///< Win32 code of the I/O, 0 if it went well
};

/// Pool threads never exit before stop(): what they post lives.
class Atq {
  public:
    using PacketHandler = std::function<void(const Packet&)>;
    using TickHandler = std::function<void()>;
    using ThreadHandler = std::function<void()>;

    /// Throws std::system_error without a port.
    Atq();
    Atq(const Atq&) = delete;
    Atq& operator=(const Atq&) = delete;
    ~Atq() { stop(); }

    /// Starts the pool. `on_tick` is called about once a `period`, in a pool thread and never twice
    /// at a time.
    /// `on_thread` is called first of all in each of its threads.
    void start(unsigned threads, ThreadHandler on_thread, PacketHandler on_packet,
               std::chrono::milliseconds period, TickHandler on_tick);

    /// One thread more, for one that an extension has ended.
    void add_thread();

    /// Packets of this socket's overlapped requests come to the port from now on, as
    /// PacketKind::io.
    [[nodiscard]] bool associate(SOCKET socket) noexcept;
    [[nodiscard]] bool post(PacketKind kind, OVERLAPPED* overlapped) noexcept;

    /// Ends the pool once the packets before this call are handled. Not from a pool thread.
    void stop();

  private:
    using Clock = std::chrono::steady_clock;

    void work() noexcept; // nothing sensible is left to do after an exception here
    void tick_if_due();

    UniqueHandle port_;
    ThreadHandler on_thread_;
    PacketHandler on_packet_;
    TickHandler on_tick_;
    std::chrono::milliseconds period_{};
    std::atomic<Clock::rep> next_tick_ = 0;
    Mutex guard_; ///< of threads_
    std::vector<std::jthread> threads_;
};

} // namespace host
