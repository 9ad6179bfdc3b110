// loadgen predict: how often the fault would reset, over arrival rates and delays.
#include "commands/commands.hpp"
#include "options/duration.hpp"
#include "report/numbers.hpp"
#include "report/table.hpp"
#include "verdict/fault_model.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

struct PredictOptions {
    unsigned outstanding = 40;
    std::vector<double> rates = {50, 100, 200, 400, 800, 1600};
    std::vector<std::chrono::nanoseconds> delays = {10ms, 50ms, 100ms, 200ms, 500ms};
};

CommandLine command_line(PredictOptions& result) {
    CommandLine line(
        "predict [options]",
        "Prints how often a thread-per-request extension would reset connections, by a model: in each row so "
        "many connections per second, in each column clients that send so long after they are connected. The "
        "model's words are in loadgen/verdict/fault_model.hpp.",
        {{"Exit codes", "0 printed, 2 bad usage."},
         {"Examples", "  loadgen predict --outstanding 40 --rate 300 --send-delay 20ms --send-delay 100ms"}});
    // clang-format off
    line.group("Options").add_options()
        ("outstanding", count_value("outstanding", 1, 10'000, [&](auto n) { result.outstanding = static_cast<unsigned>(n); }),
            "AcceptEx calls that the server keeps pending (40)")
        ("rate", positive_values("rate", "R", [&](auto rates) { result.rates = std::move(rates); }),
            "connections per second; repeatable (50 to 1600)")
        ("send-delay", duration_values("send-delay", 1us, [&](auto delays) { result.delays = std::move(delays); }),
            "from the connect to the request's first byte; repeatable (10ms to 500ms)");
    // clang-format on
    return line;
}

std::optional<PredictOptions> parse(Arguments arguments) {
    PredictOptions result;
    CommandLine line = command_line(result);
    std::vector<std::string> none;
    if (!line.parse(arguments, none, 0))
        return std::nullopt;
    return result;
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
    std::vector<std::vector<std::string>> rows = {{"connections/s"}};
    for (const auto delay : parsed->delays)
        rows.front().push_back(brief(std::chrono::duration_cast<std::chrono::microseconds>(delay)));
    for (const double rate : parsed->rates) {
        rows.push_back({fmt::format("{:g}", rate)});
        for (const auto delay : parsed->delays) {
            const double silent = rate * std::chrono::duration<double>(delay).count();
            const double share = predicted_reset_rate(silent, parsed->outstanding);
            rows.back().push_back(share < 1e-6 ? "0 %" : percent(share));
        }
    }
    fmt::print("{}", aligned(rows));
    return ExitCode::success;
}

} // namespace loadgen
