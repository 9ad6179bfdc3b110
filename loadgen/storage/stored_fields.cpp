#include "storage/stored_fields.hpp"

#include "storage/timestamp.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace loadgen {
namespace {

using std::chrono::microseconds;

template <class Number>
Number small_count(const CsvReader& row, std::string_view column) {
    const std::uint64_t count = row.count(column);
    if (count > std::numeric_limits<Number>::max())
        throw std::runtime_error(fmt::format("{}: {} {} is too large", row.place(), column, count));
    return static_cast<Number>(count);
}

template <class Word>
Word word(const CsvReader& row, std::string_view column, std::optional<Word> (*named)(std::string_view)) {
    const auto found = named(row.field(column));
    if (!found)
        throw std::runtime_error(
            fmt::format("{}: '{}' is no {} that this version knows", row.place(), row.field(column), column));
    return *found;
}

} // namespace

std::pair<std::chrono::system_clock::time_point, std::chrono::milliseconds> time_in(const CsvReader& row) {
    const auto started = parse_iso8601(row.field("started_utc"));
    const double seconds = row.number("duration_s");
    if (!started || !(seconds >= 0) || seconds > 1e9)
        throw std::runtime_error(fmt::format("{}: started_utc '{}' or duration_s '{}' is no time",
                                             row.place(), row.field("started_utc"), row.field("duration_s")));
    return {*started, std::chrono::milliseconds{std::llround(1000 * seconds)}};
}

void read_load(const CsvReader& row, BlockInfo& info) {
    info.url = row.field("url");
    info.connections = small_count<unsigned>(row, "connections");
    info.threads = small_count<unsigned>(row, "threads");
    info.rate.reset();
    if (!row.field("rate").empty())
        info.rate = row.number("rate");
    info.send_delay = row.field("send_delay");
    info.engine = row.field("engine");
}

Outcome outcome_in(const CsvReader& row) {
    return {word(row, "cause", cause_named), word(row, "phase", phase_named)};
}

std::uint16_t port_in(const CsvReader& row, std::string_view address, std::string_view port) {
    const std::string& digits = row.field(port);
    if (digits.empty() && row.field(address).empty())
        return 0;
    std::uint16_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || rest != end)
        throw std::runtime_error(
            fmt::format("{}: {} '{}' is no port from 0 to 65535", row.place(), port, digits));
    return number;
}

Event event_in(const CsvReader& row) {
    return {.time = std::chrono::system_clock::time_point{microseconds{row.integer("time_us")}},
            .worker = small_count<unsigned>(row, "worker"),
            .connection = small_count<unsigned>(row, "connection"),
            .attempt = row.count("attempt"),
            .local_address = row.field("local_address"),
            .local_port = port_in(row, "local_address", "local_port"),
            .remote_address = row.field("remote_address"),
            .target = row.field("target"),
            .outcome = outcome_in(row),
            .os_error = static_cast<int>(row.integer("os_error")),
            .os_error_name = row.field("os_error_name"),
            .bytes_read = row.count("bytes_read"),
            .age = microseconds{row.integer("age_us")}};
}

} // namespace loadgen
