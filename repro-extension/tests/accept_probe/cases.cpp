#include "cases.hpp"

#include <fmt/format.h>

namespace probe {

std::string_view name_of(EndedBy ended_by) {
    switch (ended_by) {
    case EndedBy::thread_exit:
        return "thread exit";
    case EndedBy::cancel_io_ex:
        return "CancelIoEx";
    case EndedBy::close_accepted:
        return "close of its socket";
    case EndedBy::close_listener:
        return "close of the listener";
    case EndedBy::nothing:
        break;
    }
    return "nothing";
}

std::string_view name_of(Event event) {
    switch (event) {
    case Event::set:
        return "set";
    case Event::low_bit:
        return "low bit";
    case Event::none:
        break;
    }
    return "none";
}

std::string_view name_of(ClientKind client) {
    switch (client) {
    case ClientKind::silent:
        return "silent";
    case ClientKind::has_sent:
        return "has sent";
    case ClientKind::none:
        break;
    }
    return "none";
}

std::string describe(const Case& what) {
    return fmt::format("ended by: {}, port: {}, hEvent: {}, client: {}, length: {}", name_of(what.ended_by),
                       what.port ? "yes" : "no", name_of(what.event), name_of(what.client), what.length);
}

std::vector<Case> all_cases() {
    using enum EndedBy;
    std::vector<Case> cases;
    for (const bool port : {true, false})
        for (const auto event : {Event::set, Event::none, Event::low_bit})
            for (const auto client : {ClientKind::none, ClientKind::silent, ClientKind::has_sent})
                cases.push_back({thread_exit, port, event, client});
    // Without a buffer the connection alone completes it.
    for (const auto event : {Event::set, Event::none})
        for (const auto client : {ClientKind::none, ClientKind::silent})
            cases.push_back({thread_exit, true, event, client, 0});
    for (const auto event : {Event::set, Event::none}) {
        cases.push_back({nothing, true, event, ClientKind::silent});
        for (const auto control : {cancel_io_ex, close_accepted, close_listener})
            cases.push_back({control, true, event, ClientKind::silent});
    }
    cases.push_back({cancel_io_ex, true, Event::low_bit, ClientKind::silent});
    cases.push_back({cancel_io_ex, false, Event::set, ClientKind::silent});
    cases.push_back({cancel_io_ex, true, Event::set, ClientKind::none});
    return cases;
}

} // namespace probe
