// One load of loadgen's against a server that plays scripts, and what came of it.
#pragma once

#include "client/load_plan.hpp"
#include "tests/script_server/script_server.hpp"
#include "tests/script_server/verdict.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace loadgen {

/// How the load is made.
struct Setting {
    Engine engine = Engine::asio;
    bool tls = false;
    bool keep_alive = false;
    bool head_only = false;
    unsigned connections = 1;
    unsigned threads = 1;
    bool delayed = false;   ///< a send delay of up to a millisecond
    bool open_loop = false; ///< starts at a rate
    bool patient = true;    ///< false: the time-out is short, for servers that fall silent
    double odd_receptions = 0;
};
std::string text(const Setting& setting);

struct Result {
    std::uint64_t attempts = 0;
    // Where clients pause before their requests:
    std::uint64_t ends = 0; ///< connections that the server ended or spoke on unasked, and then read on
    std::uint64_t late = 0; ///< of them those on which a request came afterwards
    std::uint64_t old = 0;  ///< of these those where it came later than a millisecond
    std::vector<Disagreement> disagreements;
};

/// Each script is asked for in turn; `seed` is that of whatever else is random. `tls` is used where the
/// setting wants it.
Result run_trial(const Setting& setting, const std::vector<Script>& scripts, std::uint64_t attempts,
                 std::uint64_t seed, TlsContext* tls);

} // namespace loadgen
