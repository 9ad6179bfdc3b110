#include "client/engine/epoll_engine.hpp"

#include "client/engine/epoll_loop.hpp"
#include "client/engine/epoll_transport.hpp"

#include <algorithm>
#include <cerrno>

namespace loadgen {

std::unique_ptr<Transport> EpollLoop::make_transport(TransportUser& user) {
    count_transport();
    return std::make_unique<EpollTransport>(*this, user);
}

boost::system::error_code EpollLoop::watch(int descriptor, EpollTransport& transport) const {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &transport;
    return epoll_ctl(poller_, EPOLL_CTL_ADD, descriptor, &event) == 0 ? boost::system::error_code{}
                                                                      : last_error();
}

std::size_t EpollLoop::turn(Clock::time_point until) {
    going_on_.clear();
    std::swap(ready_, going_on_);
    ++turns_;
    const int result = wait(going_on_.empty() ? left(until) : std::chrono::nanoseconds::zero());
    const auto count = static_cast<std::size_t>(std::max(result, 0));
    for (std::size_t i = 0; i < count && !is_stopped(); ++i)
        static_cast<EpollTransport*>(events_[i].data.ptr)->on_event(events_[i].events);
    for (EpollTransport* const transport : going_on_)
        transport->proceed();
    return count + going_on_.size();
}

int EpollLoop::wait(std::chrono::nanoseconds longest) {
    using namespace std::chrono;
    if (has_pwait2_) {
        const timespec time{.tv_sec = longest / 1s, .tv_nsec = (longest % 1s).count()};
        const int count = epoll_pwait2(poller_, events_.data(), batch, &time, nullptr);
        if (count >= 0 || errno == EINTR)
            return count;
        has_pwait2_ = false;
    }
    const auto time = static_cast<int>(ceil<milliseconds>(longest).count());
    const int count = epoll_wait(poller_, events_.data(), batch, time);
    if (count < 0 && errno != EINTR)
        throw boost::system::system_error(last_error(), "epoll_wait");
    return count;
}

std::unique_ptr<EventLoop> make_epoll_loop() {
    return std::make_unique<EpollLoop>();
}

} // namespace loadgen
