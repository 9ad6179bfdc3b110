#include "host.hpp"

#include <algorithm>
#include <stdexcept>

namespace host {
namespace {

/// Often enough for both timeouts, but no more than is useful.
std::chrono::milliseconds scan_period(const Options& options) {
    using namespace std::chrono_literals;
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
        options_.pool_threads, [this](const Packet& packet) { on_packet(packet); }, scan_period(options_),
        [this] {
            listener_.expire_silent();
            sessions_.expire_idle();
            listener_.replenish();
        });
    if (!io_.post(PacketKind::replenish, nullptr))
        throw std::runtime_error("the completion port takes no packets");
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

void Host::stop() {
    if (activity_.stopping())
        return;
    activity_.stop();
    listener_.stop();
    sessions_.stop();
    activity_.wait_until_idle();
    for (const Extension* extension : extensions_.loaded())
        served_.push_back({extension->name(), extension->requests().value()});
    extensions_.clear();
    atq_.stop();
}

} // namespace host
