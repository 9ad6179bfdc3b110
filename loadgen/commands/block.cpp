#include "commands/block.hpp"

#include "client/load.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

// Above this share of local faults the load was not the one that was asked for.
constexpr double most_local_faults = 0.01;

std::atomic<int> interrupts = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler writes it");

extern "C" void on_interrupt(int signal) {
    ++interrupts;
    std::signal(signal, on_interrupt); // Windows forgets the handler when it has run
}

double share_done(const LoadPlan& plan, const Progress& progress, std::chrono::nanoseconds elapsed) {
    return plan.requests ? static_cast<double>(progress.attempts) / static_cast<double>(*plan.requests)
                         : std::chrono::duration<double>(elapsed) / plan.duration;
}

bool nothing_listens(const Progress& progress) {
    return progress.established == 0 && progress.refused_or_unreachable > 0;
}

} // namespace

void catch_interrupts() {
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
}

bool interrupted() {
    return interrupts > 0;
}

Recording run_block(const LoadPlan& plan, const Target& target, ProgressLine& progress) {
    Load load(plan, target);
    const auto started = std::chrono::steady_clock::now();
    int heeded = 0;
    while (!load.wait_for(100ms)) {
        const auto elapsed = std::chrono::steady_clock::now() - started;
        const Progress now = load.progress();
        progress.update(now, share_done(plan, now, elapsed));
        if (elapsed > 1s && nothing_listens(now))
            load.stop();
        if (interrupts == heeded)
            continue;
        heeded = interrupts;
        progress.clear();
        if (heeded == 1) {
            spdlog::warn("interrupted: finishing the attempts in flight; Ctrl-C again gives them up");
            load.stop();
        } else {
            load.abandon();
        }
    }
    progress.clear();
    return load.take();
}

BlockInfo block_info(std::string run_id, std::string label, std::string expectation, const LoadPlan& plan,
                     const Target& target) {
    return {.run_id = std::move(run_id),
            .label = std::move(label),
            .expectation = std::move(expectation),
            .url = target.url.text,
            .keep_alive = plan.keep_alive,
            .connections = plan.connections,
            .threads = plan.threads,
            .send_delay = plan.send_delay.text()};
}

std::optional<std::string> why_invalid(const Recording& recording, const Target& target) {
    const Counters& counters = recording.counters;
    const auto address = fmt::format("{}:{}", target.endpoint.address().to_string(), target.endpoint.port());
    const auto share = [&](std::uint64_t count) {
        return static_cast<double>(count) / static_cast<double>(counters.attempts);
    };
    if (counters.attempts == 0)
        return std::nullopt;
    if (counters.established == 0 && counters.of(Cause::refused) > 0)
        return fmt::format("nothing listens at {} (connection refused): is the server up?", address);
    if (counters.established == 0 && counters.of(Cause::unreachable) > 0)
        return fmt::format("{} is unreachable: is the address right, and the network up?", address);
    const std::uint64_t local = counters.of(Cause::local);
    if (share(local) > most_local_faults)
        return fmt::format(
            "{} of {} attempts failed for want of ports, descriptors or memory here; "
            "events.csv names the error: use fewer connections, or raise the limit (ulimit -n)",
            local, counters.attempts);
    return std::nullopt;
}

} // namespace loadgen
