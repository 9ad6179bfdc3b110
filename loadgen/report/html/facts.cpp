#include "report/html/facts.hpp"

#include "report/numbers.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace loadgen {
namespace {

std::string time_text(std::chrono::system_clock::time_point time) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string seconds_text(std::chrono::nanoseconds time) {
    return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

std::string mode_text(bool keep_alive) {
    return keep_alive ? "kept connections" : "a connection for each request";
}

std::string load_text(const BlockInfo& info) {
    return info.rate ? fmt::format("{:g} attempts started per second, at most {} connections at a time",
                                   *info.rate, grouped(info.connections))
                     : fmt::format("{} connections, each starts its next attempt when the last has ended",
                                   grouped(info.connections));
}

void add_load(const BlockInfo& info, Facts& facts) {
    facts.emplace_back("load", load_text(info));
    facts.emplace_back("send delay", info.send_delay == "0s" ? "none" : info.send_delay);
    facts.emplace_back("client", fmt::format("{}, engine {}", plural(info.threads, "thread"), info.engine));
}

void add_machine(const Invocation& invocation, Facts& facts) {
    if (!invocation.is_known())
        return;
    facts.emplace_back(
        "machine",
        fmt::format("{}, {}{}", invocation.system, plural(invocation.processors, "processor"),
                    invocation.processor.empty() ? "" : fmt::format(" ({})", invocation.processor)));
    facts.emplace_back("version", "loadgen " + invocation.version);
}

std::string claim_text(const Claim& claim) {
    return fmt::format("a fixed variant {} at most {} of attempts; each statement with {} confidence",
                       claim.counted == Counted::lost ? "loses" : "resets", percent(claim.max_reset_rate),
                       percent(claim.confidence));
}

std::string plan_text(const Course& course) {
    return course.rounds
               ? plural(*course.rounds, "round")
               : fmt::format("until decided, at most {} attempts of a variant", grouped(course.max_attempts));
}

} // namespace

Facts facts_of(const RegressionResult& result) {
    Facts facts;
    std::size_t blocks = 0;
    std::chrono::nanoseconds loaded{0};
    std::chrono::system_clock::time_point started = std::chrono::system_clock::time_point::max();
    for (const VariantResult& variant : result.variants) {
        blocks += variant.blocks.size();
        loaded += variant.recording.elapsed;
        if (!variant.blocks.empty())
            started = std::min(started, variant.recording.started);
        facts.emplace_back(variant.info.label,
                           fmt::format("{}; {}", variant.info.url, mode_text(variant.info.keep_alive)));
    }
    if (!result.variants.empty())
        add_load(result.variants.front().info, facts);
    facts.emplace_back("claim", claim_text(result.claim));
    facts.emplace_back("plan", plan_text(result.course));
    if (blocks > 0)
        facts.emplace_back("loaded", fmt::format("{} in {}, from {}", seconds_text(loaded),
                                                 plural(blocks, "block"), time_text(started)));
    facts.emplace_back("stopped", std::string(stop_name(result)));
    facts.emplace_back("seed", fmt::format("{}", result.course.seed));
    add_machine(result.invocation, facts);
    return facts;
}

Facts facts_of(const RunResult& result) {
    Facts facts = {{"url", result.info.urls > 1
                               ? fmt::format("{} and {} more", result.info.url, result.info.urls - 1)
                               : result.info.url},
                   {"connections", mode_text(result.info.keep_alive)}};
    add_load(result.info, facts);
    facts.emplace_back("loaded", fmt::format("{}, from {}", seconds_text(result.recording.elapsed),
                                             time_text(result.recording.started)));
    add_machine(result.invocation, facts);
    return facts;
}

} // namespace loadgen
