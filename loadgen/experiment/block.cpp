#include "experiment/block.hpp"

#include "client/load.hpp"
#include "measure/identities.hpp"
#include "process/descriptors.hpp"
#include "process/exit_code.hpp"
#include "process/interrupts.hpp"
#include "process/wine.hpp"
#include "report/numbers.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <utility>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

// Above this share of local faults the load was not the one that was asked for.
constexpr double most_local_faults = 0.01;

double share_done(const LoadPlan& plan, const Progress& progress, std::chrono::nanoseconds elapsed) {
    return plan.requests ? static_cast<double>(progress.attempts) / static_cast<double>(*plan.requests)
                         : std::chrono::duration<double>(elapsed) / (plan.warm_up + plan.duration);
}

// By the name of a local fault: what is wanting, and where to get it.
std::string_view what_is_short(std::string_view error) {
    if (error.ends_with("EADDRNOTAVAIL") || error.ends_with("EADDRINUSE"))
        return "no local port is free; give more addresses of this machine with --source-address A,B-C, each "
               "has "
               "ports of its own, or keep connections with --keep-alive";
    if (error.ends_with("EMFILE") || error.ends_with("ENFILE"))
        return "no file descriptor is free; raise the limit (ulimit -n) or use fewer --connections";
    if (error.ends_with("ENOBUFS") || error.ends_with("ENOMEM") || error == "ERROR_NO_SYSTEM_RESOURCES")
        return "the system has no memory for more sockets; use fewer --connections";
    return "the system refused; events.csv has each error";
}

/// Passes events on, and keeps count of them.
class CountedEvents {
  public:
    explicit CountedEvents(const EventSink& sink) : sink_(sink) {}
    void operator()(std::span<const Event> events) {
        for (const Event& event : events)
            happened_.count(event.outcome);
        sink_(events);
    }
    const Counters& happened() const { return happened_; }

  private:
    const EventSink& sink_;
    Counters happened_;
};

void say(const std::vector<Resolver::Remark>& remarks, ProgressLine& progress) {
    for (const Resolver::Remark& remark : remarks) {
        progress.clear();
        spdlog::log(remark.is_warning ? spdlog::level::warn : spdlog::level::info, remark.text);
    }
}

bool nothing_listens(const Progress& progress) {
    return progress.established == 0 && progress.refused_or_unreachable > 0;
}

using ErrorCounts = std::map<std::string, std::uint64_t>;

// There must be one.
const ErrorCounts::value_type& most_frequent(const ErrorCounts& errors) {
    return *std::max_element(errors.begin(), errors.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
}

// With TLS 1.3 a server that refuses the client does so when for the client the connection stands. Where it
// closes at once, a client may meet with the reset in the place of the alert.
bool none_got_beyond_tls(const Counters& counters) {
    const std::uint64_t tls = counters.of(Cause::tls);
    if (counters.answers > 0 || tls == 0)
        return false;
    std::uint64_t before = 0; // in the handshake, where TLS's own failures are not counted twice
    for (const Cause cause : all_causes)
        before += cause == Cause::tls ? 0 : counters.at({cause, Phase::connect});
    return counters.established == 0 ||
           (2 * tls > counters.attempts - before && tls + counters.lost() + before == counters.attempts);
}

// A handshake that is reset, or gets no answer, is no failure of TLS's by its cause.
std::optional<std::string> no_handshake(const Counters& counters, const Target& target,
                                        const std::string& address) {
    if (target.tls == nullptr || counters.established > 0)
        return std::nullopt;
    return fmt::format("no TLS handshake with {} came to its end ({}): is it an https server?", address,
                       counters.resets() > 0             ? "the server resets the connection"
                       : counters.of(Cause::timeout) > 0 ? "no answer in time"
                                                         : "the connection ends");
}

} // namespace

void ensure_descriptors(const LoadPlan& plan) {
    const std::uint64_t wanted =
        plan.connections + 8ULL * plan.threads + 64; // a worker has some, and so have files
    if (const std::uint64_t limit = raise_descriptor_limit(wanted); limit < wanted)
        throw InvalidError(
            fmt::format("{} connections take {} file descriptors and the limit is {}: raise it (ulimit "
                        "-n) or use fewer --connections",
                        grouped(plan.connections), grouped(wanted), grouped(limit)));
}

void warn_of_uncounted_resets() {
    if (runs_under_wine())
        spdlog::warn(
            "Wine reports most resets as an ordinary close, so too few are counted here; count them with "
            "the native loadgen, or on Windows");
}

Recording run_block(const LoadPlan& plan, const Target& target, ProgressLine& progress,
                    const EventSink& on_events) {
    Load load(plan, target);
    std::optional<Resolver> resolver;
    if (plan.resolve_every > 0ns)
        resolver.emplace(target.servers, plan.resolve_every, target.url.host, look_up_of(target, plan));
    CountedEvents events(on_events);
    const auto started = std::chrono::steady_clock::now();
    int heeded = 0;
    while (!load.wait_for(100ms)) {
        const auto elapsed = std::chrono::steady_clock::now() - started;
        const Progress now = load.progress();
        progress.update(now, share_done(plan, now, elapsed));
        events(load.take_events());
        if (resolver)
            say(resolver->take_remarks(), progress);
        if (elapsed > 1s && nothing_listens(now))
            load.stop();
        if (interrupts() == heeded)
            continue;
        heeded = interrupts();
        progress.clear();
        if (heeded == 1) {
            spdlog::warn("interrupted: finishing the attempts in flight; Ctrl-C again gives them up");
            load.stop();
        } else {
            load.abandon();
        }
    }
    if (resolver)
        say(resolver->take_remarks(), progress);
    progress.clear();
    Recording recording = load.take();
    events(std::exchange(recording.events, {}));
    // As the files have them, so that what is read back is the same.
    recording.started = std::chrono::floor<std::chrono::microseconds>(recording.started);
    recording.elapsed = std::chrono::floor<std::chrono::microseconds>(recording.elapsed);
    ensure_adds_up(recording, &events.happened());
    // Decided once: a Ctrl-C that comes later finds it whole.
    if (const auto reason = why_invalid(recording, target))
        recording.ended = RunEnding::invalid(*reason);
    else if (interrupted())
        recording.ended = RunEnding::interrupted();
    return recording;
}

void ensure_adds_up(const Recording& recording, const Counters* happened) {
    if (const auto broken = broken_identity(recording, happened))
        throw InvalidError(fmt::format(
            "the result does not add up, so it is none: {}; this is a defect of loadgen: please report it "
            "(failures: {})",
            text(*broken), listed(filled(cells_where([](Outcome) { return true; }), recording.counters))));
}

BlockInfo block_info(std::string run_id, std::string label, std::string expectation, const LoadPlan& plan,
                     const Target& target) {
    return {.run_id = std::move(run_id),
            .label = std::move(label),
            .expectation = std::move(expectation),
            .url = target.url.text,
            .urls = target.requests.size(),
            .keep_alive = plan.keep_alive,
            .connections = plan.connections,
            .threads = plan.threads,
            .rate = plan.rate,
            .engine = std::string(name(plan.engine)),
            .send_delay = plan.send_delay.text(),
            .mean_send_delay = plan.send_delay.mean()};
}

std::optional<std::string> why_invalid(const Recording& recording, const Target& target) {
    const Counters& counters = recording.counters;
    const std::string address = addresses_of(target);
    const auto share = [&](std::uint64_t count) {
        return static_cast<double>(count) / static_cast<double>(counters.attempts);
    };
    if (counters.attempts == 0)
        return std::nullopt;
    if (counters.established == 0 && counters.of(Cause::refused) > 0)
        return fmt::format("nothing listens at {} (connection refused): {}", address, is_server_up(target));
    if (counters.established == 0 && counters.of(Cause::unreachable) > 0)
        return fmt::format("{} is unreachable: is the address right, and the network up?", address);
    if (none_got_beyond_tls(counters))
        return fmt::format("no attempt got beyond TLS at {}: {}", address,
                           about_failure(*target.tls, most_frequent(recording.tls_errors).first));
    if (auto reason = no_handshake(counters, target, address); reason && counters.of(Cause::local) == 0)
        return reason;
    if (share(counters.of(Cause::local)) > most_local_faults)
        return local_faults(recording);
    return std::nullopt;
}

std::optional<std::string> syn_retries(const Recording& recording) {
    // Linux and Windows send a lost SYN again after a second, RFC 6298's initial time-out.
    constexpr std::chrono::microseconds retry = 950ms;
    constexpr std::chrono::microseconds swift = 100ms;
    const Histogram& connect = recording.connect;
    if (connect.max() < retry || connect.quantile(0.5) > swift)
        return std::nullopt;
    std::uint64_t late = 0;
    for (const Histogram::Bucket& bucket : connect.buckets())
        late += bucket.low >= retry ? bucket.count : 0;
    if (late == 0)
        return std::nullopt;
    return fmt::format("{} of {} took a second or more to come up: the server's backlog overflows, and what "
                       "is measured then is the pause before the next SYN; give the server a longer backlog, "
                       "or use a longer --ramp or fewer --connections",
                       grouped(late), plural(connect.count(), "connection"));
}

std::optional<std::string> missing_closes(const Recording& recording, bool keep_alive) {
    const std::uint64_t waited = recording.counters.at({Cause::timeout, Phase::finish});
    if (waited == 0)
        return std::nullopt;
    return fmt::format(
        "after {} of {} the server did not close the connection, although {} Connection: close: "
        "each of these attempts waited until --timeout; {}",
        grouped(waited), plural(recording.counters.answers, "answer"),
        keep_alive ? "it had said" : "the request said",
        keep_alive ? "a shorter --timeout makes them shorter"
                   : "with --keep-alive there is nothing to wait for");
}

std::optional<std::string> local_faults(const Recording& recording) {
    const auto& errors = recording.local_errors;
    if (errors.empty())
        return std::nullopt;
    const std::string& error = most_frequent(errors).first;
    return fmt::format("{} of {} attempts failed here, not at the server: {} ({})",
                       grouped(recording.counters.of(Cause::local)), grouped(recording.counters.attempts),
                       what_is_short(error), error);
}

} // namespace loadgen
