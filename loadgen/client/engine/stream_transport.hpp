// A transport on an Asio stream.
#pragma once

#include "client/engine/engine.hpp"
#include "client/engine/source_address.hpp"
#include "client/engine/unread.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace loadgen {

/// Layer: open(protocol) makes a new socket(); async_establish(target, handler(error)) connects it, after
/// which stream() carries bytes; named(error) says what the layer calls an error of these; error_behind_end()
/// what the socket has met with behind the end; holds_unread() whether the layer has bytes that it has read
/// from the socket and not handed on.
template <class Layer>
class StreamTransport final : public Transport {
    using tcp = boost::asio::ip::tcp;
    using error_code = boost::system::error_code;

  public:
    template <class... Arguments>
    explicit StreamTransport(TransportUser& user, Arguments&&... arguments)
        : layer_(std::forward<Arguments>(arguments)...), user_(user) {}
    ~StreamTransport() override { close(); } // not the socket's own: see there

    error_code open(const tcp& protocol, const boost::asio::ip::address* source, bool no_delay) override {
        error_code error = layer_.open(protocol);
        if (no_delay && !error)
            layer_.socket().set_option(tcp::no_delay(true), error);
        if (source != nullptr && !error)
            error = bind_source_address(layer_.socket().native_handle(), *source);
        return error;
    }

    void connect(const tcp::endpoint& target) override {
        ++pending_;
        layer_.async_establish(target, [this](const error_code& error) {
            if (!is_over())
                user_.on_connect(error);
        });
    }

    void write(std::string_view bytes) override {
        ++pending_;
        boost::asio::async_write(layer_.stream(), boost::asio::buffer(bytes),
                                 [this](const error_code& error, std::size_t) {
                                     if (!is_over())
                                         user_.on_write(layer_.named(error));
                                 });
    }

    void read(std::span<char> space) override {
        ++pending_;
        layer_.stream().async_read_some(boost::asio::buffer(space.data(), space.size()),
                                        [this](const error_code& error, std::size_t bytes) {
                                            if (!is_over())
                                                user_.on_read(layer_.named(error), bytes);
                                        });
    }

    void exchange(std::string_view bytes, std::span<char> space) override {
        ++pending_;
        boost::asio::async_write(layer_.stream(), boost::asio::buffer(bytes),
                                 [this, space](const error_code& error, std::size_t) {
                                     if (is_over())
                                         return;
                                     if (!error)
                                         read(space);
                                     user_.on_write(layer_.named(error));
                                 });
    }

    void connect_and_exchange(const tcp::endpoint& target, std::string_view bytes,
                              std::span<char> space) override {
        ++pending_;
        layer_.async_establish(target, [this, bytes, space](const error_code& error) {
            if (is_over())
                return;
            if (!error)
                exchange(bytes, space);
            user_.on_connect(error);
        });
    }

    bool close() override {
        error_code ignored;
        if (is_open()) {
            // For Wine (8.0). There a write that waits for its peer keeps the socket, and neither ends while
            // the peer doesn't read. When another socket gets the handle, it may even go on there.
            if (pending_ > 0)
                layer_.socket().cancel(ignored);
            layer_.socket().close(ignored);
        }
        closing_ = pending_ > 0;
        return !closing_;
    }

    bool has_unread() const override {
        auto& socket = const_cast<StreamTransport*>(this)->layer_.socket();
        return layer_.holds_unread() || loadgen::has_unread(socket.native_handle());
    }
    // An attempt takes Asio's engine some microseconds, of which the question is a small part.
    bool knows_unread() const override { return has_unread(); }
    error_code error_behind_end() override { return layer_.error_behind_end(); }
    bool is_open() const override { return layer_.is_open(); }
    tcp::endpoint local_endpoint(error_code& error) const override {
        return layer_.socket().local_endpoint(error);
    }

  private:
    // The first thing in every handler: true when its result is of no interest any more.
    bool is_over() {
        --pending_;
        if (!closing_)
            return false;
        if (pending_ == 0) {
            closing_ = false;
            user_.on_closed();
        }
        return true;
    }

    Layer layer_;
    TransportUser& user_;
    unsigned pending_ = 0; // handlers that have yet to run
    bool closing_ = false;
};

} // namespace loadgen
