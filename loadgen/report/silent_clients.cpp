#include "report/silent_clients.hpp"

#include "report/numbers.hpp"
#include "verdict/fault_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>

namespace loadgen {
namespace {

constexpr unsigned pending_in_iis = 40;
// A share of resets that some hundred attempts show.
constexpr double enough = 0.2;
constexpr const char* load_that_shows_it = "--send-delay 100ms --connections 128";
constexpr unsigned most_connections = 10'000; // of loadgen

// None where it is not known: then none is said to have been silent.
double send_delay_of(const BlockInfo& info) {
    return std::chrono::duration<double>(info.mean_send_delay.value_or(std::chrono::nanoseconds{0})).count();
}

// Of random arrivals: a closed loop's are random, too, once its answers take different times.
double predicted(double silent, double delay) {
    constexpr std::uint64_t attempts = 10'000;
    FaultLoad load;
    load.outstanding = pending_in_iis;
    load.backlog = most_connections;
    load.rate = silent / delay;
    set_constant_delay(load, delay);
    set_steady_state(load, attempts);
    return predict_resets(load, attempts).rate;
}

// So many clients have to be silent. Nothing: with so short a delay no load does it, since clients come
// faster than the server accepts them, and have sent by then.
std::optional<double> silent_for(double share, double delay) {
    constexpr double most_per_second = 10'000;
    for (double silent = pending_in_iis / 2.0; silent / delay < most_per_second; silent *= 1.05)
        if (predicted(silent, delay) >= share)
            return silent;
    return std::nullopt;
}

// The options that make so many clients silent, where `silent` are.
std::string advice(const VariantResult& variant, double silent, std::optional<double> needed) {
    if (!needed)
        return load_that_shows_it;
    const double wanted = *needed;
    const BlockInfo& info = variant.info;
    const double delay = send_delay_of(info);
    if (info.rate)
        return fmt::format("--rate {:.0f}", std::ceil(*info.rate * wanted / silent));
    const double connections = info.connections;
    if (connections < 1.5 * wanted)
        return fmt::format("--connections {:.0f}",
                           std::ceil(std::max(connections * wanted / silent, 1.5 * wanted)));
    // What an attempt takes besides its silence stays.
    const double rest = std::max(0.0, connections * delay / silent - delay);
    return fmt::format("--send-delay {:.0f}ms",
                       std::ceil(1000 * std::max(delay, wanted * rest / (connections - wanted))));
}

} // namespace

double silent_clients(const VariantResult& variant) {
    return per_second(variant.recording.counters.attempts, variant.recording) * send_delay_of(variant.info);
}

std::string silent_clients_text(const VariantResult& variant) {
    if (variant.info.keep_alive || !variant.info.mean_send_delay)
        return {};
    const double silent = silent_clients(variant);
    if (silent <= 0)
        return fmt::format(
            "Its clients sent at once: none of them was connected and silent. The fault shows when "
            "there are more of them than AcceptEx calls pending, {} in IIS: {} would do.\n",
            pending_in_iis, load_that_shows_it);
    const double delay = send_delay_of(variant.info);
    const double share = predicted(silent, delay);
    const std::string text = fmt::format(
        "On average {:.1f} of its clients were connected and silent ({}/s x {}). By the model (loadgen "
        "predict), with {} AcceptEx calls pending, as in IIS, the fault resets {} of such attempts",
        silent, rounded(per_second(variant.recording.counters.attempts, variant.recording)),
        brief(std::chrono::duration_cast<std::chrono::microseconds>(*variant.info.mean_send_delay)),
        pending_in_iis, share < 0.001 ? "fewer than 0.1 %" : percent(share));
    if (share >= enough)
        return text + ": the server keeps more of them, or this DLL does not have the fault.\n";
    return text + fmt::format(", and {} of them with {}.\n", percent(enough),
                              advice(variant, silent, silent_for(enough, delay)));
}

} // namespace loadgen
