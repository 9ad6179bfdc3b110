#include "client/engine/engine.hpp"

#include "client/engine/asio_engine.hpp"

#ifdef LOADGEN_HAS_IO_URING
#include "client/engine/ring_engine.hpp"

#include <boost/system/system_error.hpp>
#endif

namespace loadgen {

bool io_uring_is_permitted() {
#ifdef LOADGEN_HAS_IO_URING
    try {
        make_ring_loop();
        return true;
    } catch (const boost::system::system_error&) {
    }
#endif
    return false;
}

std::string_view name(Engine engine) {
    switch (engine) {
    case Engine::automatic:
        return "auto";
    case Engine::io_uring:
        return "io_uring";
    case Engine::asio:
        break;
    }
#ifdef _WIN32
    return "iocp";
#else
    return "epoll";
#endif
}

std::unique_ptr<EventLoop> make_event_loop(Engine engine, TlsClient* tls) {
#ifdef LOADGEN_HAS_IO_URING
    if (engine == Engine::io_uring && tls == nullptr)
        return make_ring_loop();
#endif
    static_cast<void>(engine);
    return make_asio_loop(tls);
}

} // namespace loadgen
