// The engine on Boost.Asio.
#pragma once

#include "client/engine/engine.hpp"
#include "client/tls.hpp"

namespace loadgen {

/// With a TLS client, all its transports are encrypted.
std::unique_ptr<EventLoop> make_asio_loop(TlsClient* tls);

} // namespace loadgen
