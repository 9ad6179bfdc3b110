#include "client/engine/engine.hpp"

#include "client/engine/asio_engine.hpp"
#include "client/engine/tls.hpp"

#ifdef LOADGEN_HAS_EPOLL
#include "client/engine/epoll_engine.hpp"
#endif
#ifdef LOADGEN_HAS_IO_URING
#include "client/engine/io_uring_engine.hpp"
#endif

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>

namespace loadgen {
namespace {

struct Named {
    Engine engine;
    std::string_view name;
    std::unique_ptr<EventLoop> (*make_loop)();
};

// The only list of them, in the order in which `auto` takes them.
constexpr std::array engines = {
#ifdef LOADGEN_HAS_IO_URING
    Named{Engine::io_uring, "io_uring", make_io_uring_loop},
#endif
#ifdef LOADGEN_HAS_EPOLL
    Named{Engine::epoll, "epoll", make_epoll_loop},
#endif
    Named{Engine::asio, "asio", make_asio_loop},
};

bool is_permitted(const Named& engine) {
    try {
        engine.make_loop();
        return true;
    } catch (const boost::system::system_error&) {
        return false;
    }
}

const Named& find(Engine engine) {
    return *std::find_if(engines.begin(), engines.end(),
                         [&](const Named& named) { return named.engine == engine; });
}

} // namespace

std::string_view name(Engine engine) {
    return find(engine).name;
}

std::optional<Engine> engine_named(std::string_view name) {
    for (const Named& named : engines)
        if (named.name == name)
            return named.engine;
    return std::nullopt;
}

std::vector<Engine> known_engines() {
    std::vector<Engine> known;
    known.reserve(engines.size());
    for (const Named& named : engines)
        known.push_back(named.engine);
    return known;
}

std::vector<Engine> permitted_engines() {
    std::vector<Engine> permitted;
    for (const Named& named : engines)
        if (is_permitted(named))
            permitted.push_back(named.engine);
    return permitted;
}

std::unique_ptr<EventLoop> make_event_loop(Engine engine, TlsClient* tls) {
    return tls != nullptr ? make_tls_loop(*tls) : find(engine).make_loop();
}

} // namespace loadgen
