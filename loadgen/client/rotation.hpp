// What each of a worker's attempts and connections gets next: servers, source addresses and requests in
// turn, and a delay drawn at random.
#pragma once

#include "client/load_plan.hpp"
#include "client/target.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
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
    const Server& next_server() {
        if (target_.servers->version() != servers_version_)
            take_servers();
        return *next(*servers_, server_);
    }
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

    // The version first: of one that comes between, the next call hears.
    void take_servers() {
        servers_version_ = target_.servers->version();
        servers_ = target_.servers->now();
    }

    const LoadPlan& plan_;
    const Target& target_;
    std::uint64_t servers_version_ = 0; // of none
    std::shared_ptr<const Servers::List> servers_;
    std::mt19937_64 random_;
    std::size_t server_;
    std::size_t source_;
    std::size_t request_;
};

} // namespace loadgen
