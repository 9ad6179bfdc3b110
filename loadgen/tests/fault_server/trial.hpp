// A load against servers that inject one fault, and what must have been counted then.
#pragma once

#include "client/load_plan.hpp"
#include "measure/recording.hpp"
#include "tests/fault_server/fault.hpp"

#include <cstdint>

namespace loadgen::truth_table {

struct Setting {
    Engine engine;
    bool keep_alive;
    unsigned connections;
    unsigned threads;
    std::uint64_t every;
};

/// One load against one fault.
struct Trial {
    const Fault* fault;
    Setting setting;
    std::uint64_t requests;
};

struct Result {
    Trial trial;
    std::uint64_t fresh = 0; // injected on new connections
    std::uint64_t reused = 0;
    Recording recording;

    std::uint64_t injected() const { return fresh + reused; }
};

LoadPlan plan_for(const Trial& trial);

/// The schedule of the server's faults: the last request that one may befall.
std::uint64_t last_to_befall(const Trial& trial);

Result run(const Trial& trial);

/// The cell on a connection that has carried a request before.
Outcome on_reused(Outcome cell);

/// The cells as they must be.
Counters expected(const Fault& fault, std::uint64_t fresh, std::uint64_t reused);
Counters expected(const Result& result);

/// The cells as they were counted; where the system makes no difference between two, in the first.
Counters counted(const Result& result);

/// Failures that are in the wrong cell, too many or too few.
std::uint64_t wrong(const Counters& counted, const Counters& expected);

} // namespace loadgen::truth_table
