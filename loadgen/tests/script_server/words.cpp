#include "tests/script_server/words.hpp"

#include <fmt/format.h>

namespace loadgen {

std::string words(bool answered, const std::optional<Outcome>& failure) {
    std::string text = answered ? "answered" : "";
    if (failure)
        text +=
            fmt::format("{}{} in {}", answered ? ", then " : "", name(failure->cause), name(failure->phase));
    return text.empty() ? "nothing at all" : text;
}

std::string words(const std::vector<Way>& ways) {
    std::string text;
    for (const Way& way : ways)
        text += (text.empty() ? "" : " or ") + words(way.answered, way.failure);
    return text;
}

std::string story_of(const Ledger& ledger, const std::vector<Script>& scripts, std::uint16_t port) {
    std::string text;
    for (std::size_t i = 0; i < ledger.size(); ++i) {
        const LedgerConnection& connection = ledger[i];
        if (connection.client_port != port)
            continue;
        text += fmt::format("\n    connection {}, reception {}:", i, static_cast<int>(connection.reception));
        for (const Serving& serving : connection.servings)
            text += fmt::format(" /{}", serving.script);
        if (!connection.servings.empty())
            text +=
                fmt::format(", at last: {}", loadgen::text(scripts.at(connection.servings.back().script)));
    }
    return text;
}

} // namespace loadgen
