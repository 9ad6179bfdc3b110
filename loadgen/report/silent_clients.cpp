#include "report/silent_clients.hpp"

#include "report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace loadgen {
namespace {

constexpr double pending_in_iis = 40;
// Half as many again: at just as many a fifth of the attempts or less would show it.
constexpr double enough = 1.5 * pending_in_iis;

double in_seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

// The options that would make `enough` clients silent.
std::string advice(const VariantResult& variant, double silent) {
    const BlockInfo& info = variant.info;
    const double delay = in_seconds(info.mean_send_delay);
    if (delay == 0 || silent <= 0)
        return "--send-delay 100ms --connections 128";
    if (info.rate)
        return fmt::format("--rate {:.0f}", std::ceil(*info.rate * enough / silent));
    const double connections = info.connections;
    if (connections < 1.5 * enough)
        return fmt::format("--connections {:.0f}",
                           std::ceil(std::max(connections * enough / silent, 1.5 * enough)));
    // What an attempt takes besides its silence stays.
    const double rest = std::max(0.0, connections * delay / silent - delay);
    return fmt::format("--send-delay {:.0f}ms",
                       std::ceil(1000 * std::max(delay, enough * rest / (connections - enough))));
}

} // namespace

double silent_clients(const VariantResult& variant) {
    return per_second(variant.recording.counters.attempts, variant.recording) *
           in_seconds(variant.info.mean_send_delay);
}

std::string silent_clients_text(const VariantResult& variant) {
    if (variant.info.keep_alive)
        return {};
    const double silent = silent_clients(variant);
    std::string text = "Its clients sent at once: none of them was connected and silent. ";
    if (variant.info.mean_send_delay > std::chrono::nanoseconds{0})
        text = fmt::format(
            "On average {:.1f} of its clients were connected and silent ({}/s x {}). ", silent,
            rounded(per_second(variant.recording.counters.attempts, variant.recording)),
            brief(std::chrono::duration_cast<std::chrono::microseconds>(variant.info.mean_send_delay)));
    if (silent >= enough)
        return text +
               fmt::format("That is more than the {} AcceptEx calls that IIS keeps pending: the server "
                           "keeps more of them, or this DLL does not have the fault.\n",
                           pending_in_iis);
    return text +
           fmt::format("The fault shows when there are more of them than AcceptEx calls pending, {} in "
                       "IIS: {} would do.\n",
                       pending_in_iis, advice(variant, silent));
}

} // namespace loadgen
