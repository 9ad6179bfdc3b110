#include "tests/fault_server/trial.hpp"

#include "client/load.hpp"
#include "tests/fault_server/fault_server.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace loadgen::truth_table {
namespace {

using namespace std::chrono_literals;

constexpr auto pause = 300ms;
// A slow machine is no fault: the time-out is short only where nothing else ends the attempt.
constexpr auto patience = 1s;
constexpr auto long_timeout = 2min;
constexpr std::size_t long_request = std::size_t{8} * 1024 * 1024;

} // namespace

LoadPlan plan_for(const Trial& trial) {
    const Demand& demand = trial.fault->demand;
    LoadPlan plan;
    plan.engine = trial.setting.engine;
    plan.connections = trial.setting.connections;
    plan.threads = trial.setting.threads;
    plan.requests = trial.requests;
    plan.keep_alive = trial.setting.keep_alive;
    plan.timeout = demand.patience ? patience : long_timeout;
    if (demand.pause)
        plan.send_delay = Delay::constant(pause);
    if (demand.long_request) {
        plan.method = "POST";
        plan.body.assign(long_request, 'x');
    }
    return plan;
}

// A kept connection meets a fault between two requests only if another attempt is to come, and that attempt
// never reaches the server. While not even one thread's share has been started, every connection gets one.
std::uint64_t last_to_befall(const Trial& trial) {
    if (!trial.fault->demand.keep_alive)
        return FaultSchedule::for_ever;
    const std::uint64_t share = trial.requests / trial.setting.threads - trial.setting.connections;
    return share * trial.setting.every / (trial.setting.every + 1);
}

Result run(const Trial& trial) {
    FaultServer server({trial.fault}, trial.setting.every, last_to_befall(trial));
    const LoadPlan plan = plan_for(trial);
    Result result{.trial = trial};
    result.recording = Load(plan, make_target(parse_url(server.url()), plan)).take();
    const Injected& injected = server.injected(*trial.fault);
    result.fresh = trial.fault->moment == Moment::handshake ? trial.requests : injected.fresh.load();
    result.reused = injected.reused;
    return result;
}

Outcome on_reused(Outcome cell) {
    return {cell.cause, cell.phase == Phase::await ? Phase::reuse : cell.phase};
}

Counters expected(const Fault& fault, std::uint64_t fresh, std::uint64_t reused) {
    Counters cells;
    if (fault.harmless)
        return cells;
    cells.failures[index(fault.cell.cause)][index(fault.cell.phase)] += fresh;
    cells.failures[index(fault.cell.cause)][index(on_reused(fault.cell).phase)] += reused;
    return cells;
}

Counters expected(const Result& result) {
    return expected(*result.trial.fault, result.fresh, result.reused);
}

Counters counted(const Result& result) {
    Counters cells = result.recording.counters;
    if (const auto other = result.trial.fault->or_else) {
        const Outcome cell = result.trial.fault->cell;
        std::uint64_t& elsewhere = cells.failures[index(other->cause)][index(other->phase)];
        cells.failures[index(cell.cause)][index(cell.phase)] += std::exchange(elsewhere, 0);
    }
    return cells;
}

std::uint64_t wrong(const Counters& counted, const Counters& expected) {
    std::uint64_t sum = 0;
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases) {
            const auto [low, high] = std::minmax({counted.at({cause, phase}), expected.at({cause, phase})});
            sum += high - low;
        }
    return sum;
}

} // namespace loadgen::truth_table
