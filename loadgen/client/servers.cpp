#include "client/servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace loadgen {

std::shared_ptr<const Servers::List> Servers::now() const {
    const std::scoped_lock lock(mutex_);
    return now_;
}

const Server& Servers::known(const Server& server) {
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const Server& one) {
        return one.endpoint == server.endpoint && one.local_address == server.local_address;
    });
    return found != known_.end() ? *found : known_.emplace_back(server);
}

bool Servers::replace(const std::vector<Server>& servers) {
    const std::scoped_lock lock(mutex_);
    List list;
    for (const Server& server : servers)
        list.push_back(&known(server));
    // Name servers turn the order with each answer.
    if (now_ && std::is_permutation(list.begin(), list.end(), now_->begin(), now_->end()))
        return false;
    now_ = std::make_shared<const List>(std::move(list));
    version_.fetch_add(1, std::memory_order_release);
    return true;
}

Servers::Clock::time_point Servers::looked_up() const {
    const std::scoped_lock lock(mutex_);
    return looked_up_;
}

void Servers::note_look_up() {
    const std::scoped_lock lock(mutex_);
    looked_up_ = Clock::now();
}

std::string addresses_of(const Servers::List& servers) {
    std::ostringstream text;
    for (const Server* const server : servers)
        text << (server == servers.front() ? "" : ", ") << server->endpoint;
    return std::move(text).str();
}

struct Resolver::State {
    const std::shared_ptr<Servers> servers;
    const std::chrono::nanoseconds every;
    const std::string host;
    const LookUp look_up;

    std::mutex mutex; // guards what follows
    std::condition_variable stopped;
    bool stopping = false;
    bool looking_up = false;
    bool failing = false;
    std::vector<Remark> remarks;

    /// True when the time has come; false when it is to end.
    bool wait();
    void look_up_again();
};

bool Resolver::State::wait() {
    std::unique_lock lock(mutex);
    stopped.wait_until(lock, servers->looked_up() + every, [this] { return stopping; });
    looking_up = !stopping;
    return looking_up;
}

void Resolver::State::look_up_again() {
    std::vector<Server> found;
    std::string failure;
    try {
        found = look_up();
    } catch (const std::exception& error) {
        failure = error.what();
    }
    const std::scoped_lock lock(mutex);
    looking_up = false;
    if (stopping)
        return;
    servers->note_look_up();
    if (failure.empty() && servers->replace(found))
        remarks.push_back({false, fmt::format("'{}' is now at {}: new connections go there", host,
                                              addresses_of(*servers->now()))});
    if (!failure.empty() && !failing)
        remarks.push_back({true, fmt::format("{}; new connections go to {} as before", failure,
                                             addresses_of(*servers->now()))});
    failing = !failure.empty();
}

Resolver::Resolver(std::shared_ptr<Servers> servers, std::chrono::nanoseconds every, std::string host,
                   LookUp look_up)
    : state_(new State{.servers = std::move(servers),
                       .every = every,
                       .host = std::move(host),
                       .look_up = std::move(look_up),
                       .mutex = {},
                       .stopped = {},
                       .remarks = {}}),
      thread_([state = state_] {
          while (state->wait())
              state->look_up_again();
      }) {}

Resolver::~Resolver() {
    bool looking_up = false;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
        looking_up = state_->looking_up;
    }
    state_->stopped.notify_all();
    looking_up ? thread_.detach() : thread_.join(); // no system lets one break a look-up off
}

std::vector<Resolver::Remark> Resolver::take_remarks() {
    const std::scoped_lock lock(state_->mutex);
    return std::exchange(state_->remarks, {});
}

} // namespace loadgen
