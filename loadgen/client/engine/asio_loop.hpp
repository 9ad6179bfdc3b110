// The event loop of Boost.Asio. What its transports are, those derived from it say.
#pragma once

#include "client/engine/engine.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>

namespace loadgen {

class AsioLoop : public EventLoop {
  public:
    void run(const std::function<void()>& on_time) final {
        on_time_ = on_time;
        const auto work = boost::asio::make_work_guard(context_);
        // Not run(): on Windows it would tell of whatever was queued before stop().
        while (!context_.stopped() && context_.run_one() > 0) {
            if (!is_due_)
                continue;
            tell_the_rest();
            if (context_.stopped())
                return;
            is_due_ = false;
            next_ = Clock::time_point::max();
            on_time_();
        }
    }

    void wake_at(Clock::time_point time) final {
        if (time >= next_)
            return;
        next_ = time;
        timer_.expires_at(time);
        timer_.async_wait([this](const boost::system::error_code& error) {
            is_due_ = is_due_ || !error; // error: set to an earlier time
        });
    }

    void stop() final { context_.stop(); }

  protected:
    boost::asio::io_context& context() { return context_; }
    void count_transport() { ++transports_; }

  private:
    /// As TurningLoop's; TLS takes several handlers for what it tells its user once.
    void tell_the_rest() {
        for (std::size_t left = 4 * transports_; left > 0 && !context_.stopped() && context_.poll_one() > 0;
             --left) {
        }
    }

    boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE}; // of one thread: no locks
    boost::asio::steady_timer timer_{context_};
    Clock::time_point next_ = Clock::time_point::max();
    bool is_due_ = false;
    std::size_t transports_ = 0; // that were ever made
    std::function<void()> on_time_;
};

} // namespace loadgen
