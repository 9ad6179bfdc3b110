// What is tried, as data: each case is one AcceptEx, what is on it, and what happens to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace probe {

enum class EndedBy { thread_exit, cancel_io_ex, close_accepted, close_listener, nothing };

/// OVERLAPPED.hEvent. With its low bit set, the caller asks for no packet.
enum class Event { set, none, low_bit };

enum class ClientKind {
    none,    ///< nobody has connected
    silent,  ///< the connection is established, and on this AcceptEx
    has_sent ///< its bytes have come, so the AcceptEx is complete before anything ends it
};

struct Case {
    EndedBy ended_by = EndedBy::thread_exit;
    bool port = true; ///< the listening socket belongs to a completion port
    Event event = Event::set;
    ClientKind client = ClientKind::none;
    unsigned length = 1024; ///< dwReceiveDataLength
};

std::string_view name_of(EndedBy ended_by);
std::string_view name_of(Event event);
std::string_view name_of(ClientKind client);

/// In a sentence.
std::string describe(const Case& what);

std::vector<Case> all_cases();

} // namespace probe
