// loadgen predict: how often the fault would reset, over loads and delays.
#include "client/delay.hpp"
#include "commands/commands.hpp"
#include "options/command_line.hpp"
#include "report/numbers.hpp"
#include "report/table.hpp"
#include "verdict/fault_model.hpp"

#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

struct PredictOptions {
    FaultLoad load;
    std::vector<double> rates = {50, 100, 200, 400, 800, 1600};
    std::vector<std::uint64_t> connections; ///< closed loops instead of `rates`
    std::vector<Delay> delays = {Delay::constant(10ms), Delay::constant(50ms), Delay::constant(100ms),
                                 Delay::constant(200ms), Delay::constant(500ms)};
    std::uint64_t attempts = 50'000;
    std::uint64_t seed = 1;
    std::optional<std::uint64_t> replay; ///< blocks
    bool steady = true;
    std::string arrivals = "poisson";
    bool csv = false;
};

CommandLine command_line(PredictOptions& result) {
    CommandLine line(
        "predict [options]",
        "Prints how often a thread-per-request extension would reset connections, by a model: in each row so "
        "many connections per second (or open at once), in each column clients that send so long after they "
        "are connected. The model's words are in loadgen/verdict/fault_model.hpp.",
        {{"Exit codes", "0 printed, 2 bad usage."},
         {"Examples", "  loadgen predict --outstanding 40 --rate 300 --send-delay 20ms --send-delay 100ms\n"
                      "  loadgen predict --connections 64 --send-delay exp:50ms --linger 5ms"}});
    FaultLoad& load = result.load;
    load.backlog = std::numeric_limits<unsigned>::max();
    const auto seconds = [](double& value) { return [&value](auto time) { value = Seconds(time).count(); }; };
    // clang-format off
    line.group("Server").add_options()
        ("outstanding", count_value("outstanding", 1, 10'000, [&](auto n) { load.outstanding = static_cast<unsigned>(n); }),
            "AcceptEx calls that the server keeps pending (40)")
        ("backlog", count_value("backlog", 0, 1'000'000, [&](auto n) { load.backlog = static_cast<unsigned>(n); }),
            "connections that the system queues; the SYN of another is dropped, as on Linux, and sent again a second "
            "later (as many as there are)")
        ("linger", duration_value("linger", 0ns, seconds(load.linger)),
            "between DONE_WITH_SESSION and the exit of the thread (0s)")
        ("capacity", positive_value("capacity", "R", [&](double rate) { load.capacity = rate; }),
            "answers per second that the server can give; fewer than clients ask for, and fewer of them are silent (no limit)")
        ("left-over", count_value("left-over", 0, 10'000, [&](auto n) { load.left_over = static_cast<unsigned>(n); }),
            "AcceptEx calls beyond these that are pending at first, as a thread pool leaves them behind (0)");
    line.group("Clients").add_options()
        ("rate", positive_values("rate", "R", [&](auto rates) { result.rates = std::move(rates); }),
            "open loop: connections per second; repeatable (50 to 1600)")
        ("arrivals", options::value(&result.arrivals)->value_name("constant|poisson"),
            "how --rate spreads the starts: evenly, or independently of each other (poisson)")
        ("connections", count_values("connections", 1, 10'000, [&](auto counts) { result.connections = std::move(counts); }),
            "closed loop instead: connections open at once, each followed by the next; repeatable")
        ("send-delay", delay_values("send-delay", 1us, [&](auto delays) { result.delays = std::move(delays); }),
            "from the connect to the request's first byte: 20ms, uniform:0ms..40ms or exp:20ms; repeatable (10ms to 500ms)")
        ("ramp", duration_value("ramp", 0ns, [&](auto t) { load.ramp = Seconds(t).count(); }),
            "closed loop: connections begin spread over so long (the send delay)")
        ("timeout", duration_value("timeout", 1ms, seconds(load.timeout)), "for the connect (5s)");
    line.group("Simulation").add_options()
        ("warm-up", duration_value("warm-up", 0ns, seconds(load.warm_up)),
            "with --duration: attempts that start before are not counted (0s)")
        ("duration", duration_value("duration", 1ms, [&](auto t) { load.duration = Seconds(t).count(); result.steady = false; }),
            "blocks of this length from their first attempt to the last (long ones, in their steady state)")
        ("attempts", count_value("attempts", 100, 1'000'000'000, [&](auto n) { result.attempts = n; }),
            "in all blocks of a load; the more, the exacter (50,000)")
        ("seed", count_value("seed", 0, 1'000'000'000, [&](auto n) { result.seed = n; }), "of random delays and arrivals (1)")
        ("replay", count_value("replay", 2, 1'000'000, [&](auto n) { result.replay = n; }),
            "with --duration: so many blocks, of this seed and the next ones, in the open loop with the very arrivals and "
            "delays of 'loadgen run --threads 1 --seed'")
        ("csv", options::bool_switch(&result.csv), "a line for each load, with the standard error of the simulation");
    // clang-format on
    return line;
}

std::optional<PredictOptions> parse(Arguments arguments) {
    std::optional<PredictOptions> result(std::in_place);
    result->load.warm_up = 0;
    CommandLine line = command_line(*result);
    std::vector<std::string> none;
    if (!line.parse(arguments, none, 0))
        return std::nullopt;
    if (result->arrivals != "constant" && result->arrivals != "poisson")
        throw UsageError(fmt::format("--arrivals '{}' is neither constant nor poisson", result->arrivals));
    result->load.evenly = result->arrivals == "constant";
    if (result->steady && result->load.warm_up > 0)
        throw UsageError("--warm-up needs --duration");
    if (result->steady && result->replay)
        throw UsageError("--replay needs --duration");
    if (result->load.ramp && result->connections.empty())
        throw UsageError("--ramp needs --connections");
    return result;
}

Prediction predict(const PredictOptions& options, const Delay& delay, FaultLoad load) {
    load.delay = [delay](std::mt19937_64& random) { return Seconds(delay.draw(random)).count(); };
    load.mean_delay = Seconds(delay.mean()).count();
    if (options.steady)
        set_steady_state(load, options.attempts);
    return options.replay ? replay_resets(load, *options.replay, options.seed)
                          : predict_resets(load, options.attempts, options.seed);
}

std::vector<FaultLoad> loads_of(const PredictOptions& options) {
    std::vector<FaultLoad> loads;
    FaultLoad load = options.load;
    for (const std::uint64_t connections : options.connections) {
        load.connections = static_cast<unsigned>(connections);
        loads.push_back(load);
    }
    for (std::size_t i = 0; options.connections.empty() && i < options.rates.size(); ++i) {
        load.rate = options.rates[i];
        loads.push_back(load);
    }
    return loads;
}

void print_csv(const PredictOptions& options) {
    fmt::print("rate,connections,send_delay,outstanding,linger_ms,reset_rate,standard_error,attempts\n");
    for (const FaultLoad& load : loads_of(options))
        for (const Delay& delay : options.delays) {
            const Prediction found = predict(options, delay, load);
            fmt::print("{},{},{},{},{:g},{:.6f},{:.6f},{}\n",
                       load.rate ? fmt::format("{:g}", *load.rate) : "",
                       load.rate ? "" : fmt::format("{}", load.connections), delay.text(), load.outstanding,
                       1000 * load.linger, found.rate, found.error, found.attempts);
        }
}

// Of so many attempts without a reset the rate is below 3 / attempts, with 95 % confidence.
std::string cell(const Prediction& found) {
    return found.resets > 0 ? percent(found.rate)
                            : fmt::format("< {}", percent(3 / static_cast<double>(found.attempts)));
}

void print_table(const PredictOptions& options) {
    std::vector<std::vector<std::string>> rows = {
        {options.connections.empty() ? "connections/s" : "connections"}};
    for (const Delay& delay : options.delays)
        rows.front().push_back(delay.text());
    for (const FaultLoad& load : loads_of(options)) {
        rows.push_back({load.rate ? fmt::format("{:g}", *load.rate) : fmt::format("{}", load.connections)});
        for (const Delay& delay : options.delays)
            rows.back().push_back(cell(predict(options, delay, load)));
    }
    fmt::print("{}", aligned(rows));
}

} // namespace

CommandHelp predict_help() {
    PredictOptions values;
    return command_line(values).help();
}

ExitCode predict_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    if (parsed->csv)
        print_csv(*parsed);
    else
        print_table(*parsed);
    return ExitCode::success;
}

} // namespace loadgen
