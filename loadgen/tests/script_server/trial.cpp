#include "tests/script_server/trial.hpp"

#include "client/load.hpp"

#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <utility>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr char letter_of_request = 'x';
// A slow machine is no fault: short only where nothing else ends an attempt.
constexpr auto patience = 20s;
constexpr auto little_patience = 5s;

LoadPlan plan_for(const Setting& setting, std::uint64_t attempts, std::uint64_t seed) {
    LoadPlan plan;
    plan.engine = setting.engine;
    plan.connections = setting.connections;
    plan.threads = setting.threads;
    plan.keep_alive = setting.keep_alive;
    plan.requests = attempts;
    plan.timeout = setting.patient ? std::chrono::nanoseconds(patience) : little_patience;
    plan.seed = seed;
    plan.method = setting.head_only ? "HEAD" : "GET";
    plan.tls.verify = false;
    if (setting.delayed)
        plan.send_delay = Delay::uniform(0ns, 1ms);
    if (setting.open_loop) {
        plan.rate = setting.connections == 1 ? 1'500 : 5'000;
        plan.arrivals = ArrivalProcess::poisson;
    }
    return plan;
}

/// A request for /N.
Request request_for(std::size_t number, const Script& script, const LoadPlan& plan) {
    Request request{.bytes = {}, .target = fmt::format("/{}", number)};
    const bool posts = script.asks > 0 && plan.method != "HEAD";
    request.bytes =
        fmt::format("{} {} HTTP/1.1\r\nHost: h\r\nConnection: {}\r\n", posts ? "POST" : plan.method,
                    request.target, plan.keep_alive ? "keep-alive" : "close");
    if (posts)
        request.bytes += fmt::format("Content-Length: {}\r\n", script.asks);
    request.bytes += "\r\n";
    if (posts)
        request.bytes.append(script.asks, letter_of_request);
    return request;
}

/// As commands do it: events are taken while the load goes on.
Recording run_load(const LoadPlan& plan, Target target) {
    Load load(plan, std::move(target));
    std::vector<Event> events;
    const auto take = [&](std::vector<Event> more) {
        events.insert(events.end(), std::make_move_iterator(more.begin()),
                      std::make_move_iterator(more.end()));
    };
    while (!load.wait_for(20ms))
        take(load.take_events());
    Recording recording = load.take();
    take(std::move(recording.events));
    recording.events = std::move(events);
    return recording;
}

} // namespace

std::string text(const Setting& setting) {
    return fmt::format("{}{}{}, {} connections, {} threads{}{}{}", name(setting.engine),
                       setting.tls ? " with TLS" : "",
                       setting.keep_alive ? ", kept" : ", a connection per request", setting.connections,
                       setting.threads, setting.head_only ? ", HEAD" : "",
                       setting.delayed ? ", a send delay" : "", setting.open_loop ? ", open loop" : "");
}

Result run_trial(const Setting& setting, const std::vector<Script>& scripts, std::uint64_t attempts,
                 std::uint64_t seed, TlsContext* tls) {
    Play play{.scripts = scripts,
              .circumstances = {.keep_alive = setting.keep_alive,
                                .head_only = setting.head_only,
                                .tls = setting.tls},
              .odd_receptions = setting.odd_receptions,
              .seed = seed,
              .tls = setting.tls ? tls : nullptr};
    const LoadPlan plan = plan_for(setting, attempts, seed);
    ScriptServer server(play);
    Target target = make_target(
        parse_url(fmt::format("http{}://127.0.0.1:{}/", setting.tls ? "s" : "", server.port())), plan);
    target.requests.clear();
    for (std::size_t number = 0; number < scripts.size(); ++number)
        target.requests.push_back(request_for(number, scripts[number], plan));
    const Recording recording = run_load(plan, std::move(target));
    const Ledger ledger = server.finish();
    return {.attempts = recording.counters.attempts,
            .disagreements = disagreements({plan, play, ledger, recording})};
}

} // namespace loadgen
