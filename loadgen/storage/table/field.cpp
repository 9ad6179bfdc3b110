#include "storage/table/field.hpp"

#include "storage/table/timestamp.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace loadgen {
namespace {

template <class Word>
Word word_in(const Field& field, std::optional<Word> (*named)(std::string_view)) {
    const auto found = named(field.text());
    if (!found)
        field.refuse("is none that this version knows");
    return *found;
}

} // namespace

void Field::refuse(std::string_view reason) const {
    throw std::runtime_error(
        fmt::format("{}: {} '{}' {}", row_.place(), row_.column(position_), text(), reason));
}

std::string to_field(const std::string& text) {
    return text;
}

std::string to_field(std::uint64_t count) {
    return fmt::format("{}", count);
}

std::string to_field(unsigned count) {
    return fmt::format("{}", count);
}

std::string to_field(int number) {
    return fmt::format("{}", number);
}

std::string to_field(double number) {
    return fmt::format("{:.6g}", number);
}

std::string to_field(const std::optional<double>& number) {
    return number ? fmt::format("{}", *number) : std::string();
}

std::string to_field(const std::optional<std::uint64_t>& count) {
    return count ? to_field(*count) : std::string();
}

std::string to_field(std::chrono::microseconds time) {
    return fmt::format("{}", time.count());
}

std::string to_field(const std::optional<std::chrono::microseconds>& time) {
    return time ? to_field(*time) : std::string();
}

std::string to_field(std::chrono::nanoseconds time) {
    return seconds_text(time);
}

std::string to_field(std::chrono::system_clock::time_point time) {
    return iso8601(time);
}

std::string to_field(Cause cause) {
    return std::string(name(cause));
}

std::string to_field(Phase phase) {
    return std::string(name(phase));
}

std::string to_field(const RunEnding& ending) {
    return text(ending);
}

void from_field(const Field& field, std::string& text) {
    text = field.text();
}

void from_field(const Field& field, std::uint64_t& count) {
    count = field.count();
}

void from_field(const Field& field, unsigned& count) {
    const std::uint64_t number = field.count();
    if (number > std::numeric_limits<unsigned>::max())
        field.refuse("is too large");
    count = static_cast<unsigned>(number);
}

void from_field(const Field& field, int& number) {
    const std::int64_t integer = field.integer();
    if (integer < std::numeric_limits<int>::min() || integer > std::numeric_limits<int>::max())
        field.refuse("is too large");
    number = static_cast<int>(integer);
}

void from_field(const Field& field, double& number) {
    number = field.number();
}

void from_field(const Field& field, std::optional<double>& number) {
    number.reset();
    if (!field.text().empty())
        number = field.number();
}

void from_field(const Field& field, std::optional<std::uint64_t>& count) {
    count.reset();
    if (!field.text().empty())
        count = field.count();
}

void from_field(const Field& field, std::chrono::microseconds& time) {
    time = std::chrono::microseconds{field.integer()};
}

void from_field(const Field& field, std::optional<std::chrono::microseconds>& time) {
    time.reset();
    if (!field.text().empty())
        time = std::chrono::microseconds{field.integer()};
}

void from_field(const Field& field, std::chrono::nanoseconds& time) {
    const double seconds = field.number();
    if (!(seconds >= 0) || seconds > 1e9)
        field.refuse("is no time");
    time = std::chrono::microseconds{std::llround(1e6 * seconds)};
}

void from_field(const Field& field, std::chrono::system_clock::time_point& time) {
    const auto found = parse_iso8601(field.text());
    if (!found)
        field.refuse("is no time");
    time = *found;
}

void from_field(const Field& field, Cause& cause) {
    cause = word_in(field, cause_named);
}

void from_field(const Field& field, Phase& phase) {
    phase = word_in(field, phase_named);
}

void from_field(const Field& field, RunEnding& ending) {
    ending = word_in(field, ending_of);
}

std::uint16_t port_in(const Field& field, const std::string& address) {
    const std::string& digits = field.text();
    if (digits.empty() && address.empty())
        return 0;
    std::uint16_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || rest != end)
        field.refuse("is no port from 0 to 65535");
    return number;
}

} // namespace loadgen
