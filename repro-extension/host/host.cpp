#include "host.hpp"

#include "faults/broken_rules.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

using namespace std::chrono_literals;

namespace host {
namespace {

/// Often enough for both timeouts, but no more than is useful.
std::chrono::milliseconds scan_period(const Options& options) {
    return std::clamp<std::chrono::milliseconds>(
        std::min(options.accept_timeout, options.connection_timeout) / 4, 50ms, 1000ms);
}

Connection& context_of(const Packet& packet) {
    return *static_cast<Connection*>(packet.overlapped);
}

} // namespace

Host::Host(Options options)
    : options_(std::move(options)),
      extensions_(options_.root),
      io_(atq_, activity_, options_.thread_exit),
      listener_(options_, io_, connections_, counters_, exposures_),
      sessions_(options_, io_, listener_, connections_, extensions_, counters_, exposures_) {
    atq_.start(
        options_.pool_threads, [this] { calls_.add_this_thread(); },
        [this](const Packet& packet) { on_packet(packet); }, scan_period(options_),
        [this] {
            listener_.expire_silent();
            sessions_.expire_idle();
            listener_.replenish();
        });
    if (!io_.post(PacketKind::replenish, nullptr))
        throw std::runtime_error("the completion port takes no packets");
    watch_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

Host::~Host() {
    if (!stop())
        std::terminate(); // an extension still uses what would be destroyed
}

void Host::watch(const std::stop_token& stop) {
    std::mutex guard;
    std::condition_variable_any asked;
    std::unique_lock lock(guard);
    const auto on_long = [](const LongCall& call) {
        spdlog::warn("{} has held a thread of the pool for {} s, in {}: requests wait once all are held",
                     call.extension, call.since.count(), call.what);
    };
    const auto on_ended = [this](const LongCall& call) {
        BrokenRules::add(Rule::ended_thread, call.extension,
                         fmt::format("ended a thread of the pool in {}", call.what));
        atq_.add_thread();
        activity_.leave(); // the packet that it had taken
    };
    std::set<std::string> told;
    while (!asked.wait_for(lock, stop, 1s, [] { return false; }) && !stop.stop_requested()) {
        calls_.look(options_.long_call, on_long, on_ended);
        for (const auto& [extension, since] : extensions_.starting())
            if (since >= options_.long_call && told.insert(extension).second)
                on_long({extension, "GetExtensionVersion", since});
    }
}

void Host::on_packet(const Packet& packet) {
    switch (packet.kind) {
    case PacketKind::replenish:
        listener_.replenish();
        break;
    case PacketKind::resume:
        sessions_.serve(context_of(packet));
        break;
    case PacketKind::io:
        on_io(context_of(packet), packet);
        break;
    case PacketKind::quit: // the queue keeps it to itself
        break;
    }
    activity_.leave();
}

void Host::on_io(Connection& connection, const Packet& packet) {
    const auto [operation, expired] = connection.end_operation();
    switch (operation) {
    case Operation::accept:
        if (listener_.on_accept(connection, packet.bytes, packet.error, expired))
            sessions_.serve(connection);
        break;
    case Operation::read:
        sessions_.on_read(connection, packet.bytes, packet.error, expired);
        break;
    case Operation::call:
        connection.taker->on_packet(packet.bytes, packet.error, expired);
        break;
    case Operation::none: // no packet comes without a request
        break;
    }
}

std::vector<ServedExtension> Host::served() {
    const std::lock_guard lock(served_guard_);
    if (!served_.empty())
        return served_;
    std::vector<ServedExtension> all;
    for (const Extension* extension : extensions_.loaded())
        all.push_back({extension->name(), extension->requests().value()});
    return all;
}

void Host::say_what_is_pending() {
    unsigned accepts = 0;
    unsigned reads = 0;
    unsigned calls = 0;
    connections_.for_each([&](const Connection& connection) {
        accepts += connection.operation == Operation::accept ? 1 : 0;
        reads += connection.operation == Operation::read ? 1 : 0;
        calls += connection.operation == Operation::call ? 1 : 0;
    });
    spdlog::error("not ended after --stop-timeout: {} AcceptEx, {} reads, {} asynchronous calls", accepts,
                  reads, calls);
}

std::vector<Host::Unfinished> Host::unfinished() const {
    std::vector<Unfinished> all;
    for (const RequestInHand& request : ControlBlock::in_hand(sessions_))
        all.push_back(
            {request.extension,
             fmt::format("did not complete {}, begun {} s ago ({})", request.what, request.since.count(),
                         request.returned ? "HttpExtensionProc has returned"
                                          : "HttpExtensionProc has not returned")});
    for (const auto& [extension, since] : extensions_.starting())
        all.push_back({extension, fmt::format("did not return from GetExtensionVersion, called {} s ago",
                                              since.count())});
    return all;
}

bool Host::wait_for_requests(std::chrono::steady_clock::time_point deadline) {
    const auto left = [deadline] {
        return std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    };
    const auto patience = std::clamp<std::chrono::milliseconds>(options_.stop_timeout / 2, 1ms, 5s);
    while (!activity_.wait_until_idle(std::clamp<std::chrono::milliseconds>(left(), 1ms, patience))) {
        // A client that is silent holds up its request, and the extension is not to blame.
        sessions_.cancel_all(Operation::call);
        const bool is_over = left().count() <= 0;
        const std::vector<Unfinished> rest = unfinished();
        for (const auto& [extension, sentence] : rest) {
            if (is_over)
                BrokenRules::add(Rule::never_completed, extension, sentence);
            else
                spdlog::info("waiting: {} {}", extension, sentence);
        }
        if (is_over) {
            if (rest.empty())
                say_what_is_pending();
            return false;
        }
    }
    return true;
}

bool Host::end_extensions(std::chrono::steady_clock::time_point deadline) {
    {
        std::vector<ServedExtension> all = served(); // while they are there
        const std::lock_guard lock(served_guard_);
        served_ = std::move(all);
    }
    std::promise<void> ended;
    const auto end = ended.get_future();
    ender_ = std::jthread([this, promise = std::move(ended)]() mutable {
        extensions_.clear();
        promise.set_value();
    });
    if (end.wait_until(deadline) == std::future_status::ready)
        return true;
    BrokenRules::add(Rule::never_completed, extensions_.ending(), "did not return from TerminateExtension");
    return false;
}

bool Host::stop() {
    if (!has_stopped_)
        has_stopped_ = try_stop();
    return *has_stopped_;
}

bool Host::try_stop() {
    activity_.stop();
    listener_.stop();
    sessions_.cancel_all(Operation::read);
    const auto deadline = std::chrono::steady_clock::now() + options_.stop_timeout;
    if (!wait_for_requests(deadline) || !end_extensions(deadline))
        return false;
    watch_ = {};
    atq_.stop();
    return true;
}

} // namespace host
