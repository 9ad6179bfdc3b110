#include "tests/script_server/event_fields.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

namespace loadgen {

bool is_patient(const LoadPlan& plan) {
    return plan.timeout >= std::chrono::seconds(10);
}

std::vector<std::string> wrong_fields(const Event& event, std::size_t script, const LoadPlan& plan) {
    std::vector<std::string> found;
    const auto wrong = [&](const char* field, const auto& value) {
        found.push_back(fmt::format("an event's {} is '{}'", field, value));
    };
    if (event.target != fmt::format("/{}", script))
        wrong("target", event.target);
    if (event.worker >= plan.threads)
        wrong("worker", event.worker);
    if (event.connection >= plan.connections)
        wrong("connection", event.connection);
    if (event.local_address != "127.0.0.1" || event.remote_address != "127.0.0.1")
        wrong("address", event.local_address + " to " + event.remote_address);
    if (event.age.count() < 0 || (event.age >= plan.timeout && is_patient(plan)))
        wrong("age", event.age.count());
    const Cause cause = event.outcome.cause;
    if (is_reset(cause) != (event.os_error != 0))
        wrong("os_error", event.os_error);
    const std::string_view expected = cause == Cause::reset         ? "ECONNRESET"
                                      : cause == Cause::broken_pipe ? "EPIPE"
                                                                    : "";
    if (cause != Cause::malformed && event.os_error_name != expected)
        wrong("os_error_name", event.os_error_name);
    return found;
}

} // namespace loadgen
