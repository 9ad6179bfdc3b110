#include "request.hpp"

#include <charconv>

namespace repro {
namespace {

using std::chrono::milliseconds;

struct Parameter {
    std::string_view name;
    std::string_view unit;
    std::uint32_t maximum;
    void (*set)(Request&, std::uint32_t) noexcept;
};

constexpr std::array parameters{
    Parameter{"work", "milliseconds", 60'000,
              [](Request& request, std::uint32_t value) noexcept { request.work = milliseconds{value}; }},
    Parameter{"linger", "milliseconds", 60'000,
              [](Request& request, std::uint32_t value) noexcept { request.linger = milliseconds{value}; }},
    Parameter{"bytes", "bytes", 16 * 1024 * 1024,
              [](Request& request, std::uint32_t value) noexcept { request.bytes = value; }},
};

/// Cuts off and returns what stands before the first `separator`, or everything.
std::string_view take_until(char separator, std::string_view& text) noexcept {
    const std::size_t found = text.find(separator);
    const std::size_t length = std::min(found, text.size());
    const std::string_view head{text.data(), length};
    text.remove_prefix(found == std::string_view::npos ? length : length + 1);
    return head;
}

/// At most 40 characters of what the client wrote: a fault's sentence must hold its advice too.
std::string_view excerpt(std::string_view text) noexcept {
    return {text.data(), std::min<std::size_t>(text.size(), 40)};
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t maximum) noexcept {
    std::uint32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || value > maximum)
        return std::nullopt;
    return value;
}

const Parameter* find_parameter(std::string_view name) noexcept {
    for (const Parameter& parameter : parameters)
        if (parameter.name == name)
            return &parameter;
    return nullptr;
}

} // namespace

std::optional<Request> parse_query(std::string_view query, Text& fault) noexcept {
    Request request;
    while (!query.empty()) {
        std::string_view text = take_until('&', query);
        const std::string_view name = take_until('=', text);
        const Parameter* const parameter = find_parameter(name);
        if (parameter == nullptr) {
            fault << "Parameter \"" << excerpt(name) << "\" is unknown: there are work, linger and bytes.\n";
            return std::nullopt;
        }
        const auto value = parse_number(text, parameter->maximum);
        if (!value) {
            fault << "Parameter " << name << " has the value \"" << excerpt(text)
                  << "\": it takes a whole number of " << parameter->unit << " from 0 to "
                  << parameter->maximum << ".\n";
            return std::nullopt;
        }
        parameter->set(request, *value);
    }
    return request;
}

} // namespace repro
