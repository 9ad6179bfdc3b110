// What was found out about one case. All are words, since a call that fails is an answer, too; "-" is
// what could not be asked. Where runs of the same case differ, both stand there, with "or" between.
#pragma once

#include "cases.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace probe {

struct Row {
    Case what;
    std::string cancelled = "-"; ///< by the status in the OVERLAPPED
    std::string packet = "-";    ///< the error it came with, and its bytes
    std::string connect_time = "-";
    std::string peer = "-"; ///< getpeername before SO_UPDATE_ACCEPT_CONTEXT
    std::string update_context = "-";
    std::string peer_updated = "-";  ///< getpeername after it
    std::string client_before = "-"; ///< what the client sees before the socket is closed
    std::string client_plain = "-";  ///< and after a plain close
    std::string client_linger0 = "-";
    std::string later = "-"; ///< what bytes of a client do to one that is still pending
};

inline constexpr std::size_t field_count = 15;
using Fields = std::array<std::pair<std::string_view, std::string>, field_count>;

/// Each with its name, as text and JSON have it.
Fields fields_of(const Row& row);

/// `row` with what another run of the same case says.
void merge(Row& row, const Row& other);

} // namespace probe
