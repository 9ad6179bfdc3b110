#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace probe {
namespace {

std::string clients(const Findings& findings) {
    if (findings.clients_outside)
        return "in another process, outside of this system";
    return findings.system.wine ? "in this process; Wine tells it of most RST as of FIN, so don't trust that"
                                : "in this process";
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return result + '"';
}

std::string or_null(const std::optional<std::string>& text) {
    return text ? in_quotes(*text) : "null";
}

std::string table(std::span<const Row> rows) {
    std::array<std::size_t, field_count> widths{};
    std::vector<std::array<std::string, field_count>> lines(1);
    for (const auto& row : rows) {
        const auto fields = fields_of(row);
        auto& line = lines.emplace_back();
        for (std::size_t i = 0; i < field_count; ++i) {
            lines.front()[i] = fields[i].first;
            line[i] = fields[i].second;
        }
    }
    for (const auto& line : lines)
        for (std::size_t i = 0; i < field_count; ++i)
            widths[i] = std::max(widths[i], line[i].size());
    std::string text;
    for (const auto& line : lines) {
        std::string padded;
        for (std::size_t i = 0; i < field_count; ++i)
            padded += fmt::format("{:{}}  ", line[i], widths[i]);
        padded.erase(padded.find_last_not_of(' ') + 1);
        text += padded + '\n';
    }
    return text;
}

} // namespace

std::string to_text(const Findings& findings) {
    return fmt::format("system: {}\nclients: {}\nnothing, none, pending: for {} ms\n\n{}\n{}\n",
                       to_line(findings.system), clients(findings), findings.patience.count(),
                       table(findings.rows),
                       findings.otherwise.value_or(
                           "With a port and an event the exit of its thread cancels an AcceptEx, with its "
                           "packet; with a port and no event it does not."));
}

std::string to_json(const Findings& findings) {
    std::string rows;
    for (const auto& row : findings.rows) {
        std::string fields;
        for (const auto& [name, value] : fields_of(row))
            fields += fmt::format("{}{}: {}", fields.empty() ? "" : ", ", in_quotes(name), in_quotes(value));
        rows += fmt::format("{}\n    {{{}}}", rows.empty() ? "" : ",", fields);
    }
    return fmt::format("{{\n  \"windows\": {},\n  \"wine\": {},\n  \"pointer_bits\": {},\n"
                       "  \"clients\": {},\n  \"patience_ms\": {},\n  \"holds\": {},\n"
                       "  \"otherwise\": {},\n  \"rows\": [{}\n  ]\n}}\n",
                       in_quotes(findings.system.windows), or_null(findings.system.wine),
                       findings.system.pointer_bits,
                       in_quotes(findings.clients_outside ? "another process" : "this process"),
                       findings.patience.count(), !findings.otherwise, or_null(findings.otherwise), rows);
}

} // namespace probe
