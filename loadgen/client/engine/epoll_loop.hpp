// The event loop on epoll.
#pragma once

#include "client/engine/socket.hpp"
#include "client/engine/turning_loop.hpp"

#include <boost/system/system_error.hpp>

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <vector>

namespace loadgen {

class EpollTransport;

class EpollLoop final : public TurningLoop {
  public:
    EpollLoop() : poller_(epoll_create1(EPOLL_CLOEXEC)) {
        if (poller_ < 0)
            throw boost::system::system_error(last_error(), "epoll");
    }
    ~EpollLoop() override { ::close(poller_); }
    EpollLoop(const EpollLoop&) = delete;
    EpollLoop& operator=(const EpollLoop&) = delete;

    std::unique_ptr<Transport> make_transport(TransportUser& user) override;

    /// Once for each descriptor: it is edge-triggered, and forgotten when it is closed.
    boost::system::error_code watch(int descriptor, EpollTransport& transport) const;
    /// Of the last turn; what it told of was there before any descriptor that is watched since.
    std::uint64_t turns() const { return turns_; }
    /// The transport can go on without waiting for the kernel.
    void proceed_soon(EpollTransport& transport) { ready_.push_back(&transport); }

  private:
    std::size_t turn(Clock::time_point until) override;
    int wait(std::chrono::nanoseconds longest);

    static constexpr int batch = 256;

    int poller_;
    std::uint64_t turns_ = 0;
    std::array<epoll_event, batch> events_{};
    std::vector<EpollTransport*> ready_;
    std::vector<EpollTransport*> going_on_; // those of ready_ whose turn it is
    bool has_pwait2_ = true;                // Linux 5.11; some sandboxes refuse it
};

} // namespace loadgen
