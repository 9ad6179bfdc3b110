// The event loop of Boost.Asio. What its transports are, those derived from it say.
#pragma once

#include "client/engine/engine.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace loadgen {

class AsioLoop : public EventLoop {
  public:
    void run(const std::function<void()>& on_time) final {
        on_time_ = on_time;
        const auto work = boost::asio::make_work_guard(context_);
        // Not run(): on Windows it would tell of whatever was queued before stop().
        while (!context_.stopped() && context_.run_one() > 0) {
        }
    }

    void wake_at(Clock::time_point time) final {
        if (time >= next_)
            return;
        next_ = time;
        timer_.expires_at(time);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) // set to an earlier time
                return;
            next_ = Clock::time_point::max();
            on_time_();
        });
    }

    void stop() final { context_.stop(); }

  protected:
    boost::asio::io_context& context() { return context_; }

  private:
    boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE}; // of one thread: no locks
    boost::asio::steady_timer timer_{context_};
    Clock::time_point next_ = Clock::time_point::max();
    std::function<void()> on_time_;
};

} // namespace loadgen
