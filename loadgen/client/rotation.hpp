// What each of a worker's attempts and connections gets next: servers, source addresses and requests in
// turn, and a delay drawn at random.
#pragma once

#include "client/load_plan.hpp"
#include "client/target.hpp"

#include <chrono>
#include <cstddef>
#include <random>
#include <vector>

namespace loadgen {

class Rotation {
  public:
    /// `worker`: each begins with another one, so that a short load with many threads meets them all. The
    /// plan and the target must outlive it.
    Rotation(const LoadPlan& plan, const Target& target, unsigned worker)
        : plan_(plan),
          target_(target),
          random_(plan.seed + worker),
          server_(worker),
          source_(worker),
          request_(worker) {}

    /// Where the next connection is to go.
    const Server& next_server() { return next(target_.servers, server_); }
    /// Where it is to come from; nullptr: from wherever the system chooses.
    const boost::asio::ip::address* next_source_address() {
        return plan_.source_addresses.empty() ? nullptr : &next(plan_.source_addresses, source_);
    }
    /// What the next attempt is to send.
    const Request& next_request() { return next(target_.requests, request_); }
    /// How long it is to wait before.
    std::chrono::nanoseconds next_delay() {
        return plan_.send_delay.is_zero() ? std::chrono::nanoseconds{0} : plan_.send_delay.draw(random_);
    }

  private:
    template <class Item>
    static const Item& next(const std::vector<Item>& items, std::size_t& number) {
        if (number >= items.size())
            number %= items.size();
        return items[number++];
    }

    const LoadPlan& plan_;
    const Target& target_;
    std::mt19937_64 random_;
    std::size_t server_;
    std::size_t source_;
    std::size_t request_;
};

} // namespace loadgen
