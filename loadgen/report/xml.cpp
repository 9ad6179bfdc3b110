#include "report/xml.hpp"

namespace loadgen {
namespace {

std::string escaped(std::string_view text, std::string_view line_break) {
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>': // Allure 3 shows references as they are, so there are only those that XML wants
            result += result.ends_with("]]") ? "&gt;" : ">";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\n':
            result += line_break;
            break;
        default:
            result += static_cast<unsigned char>(c) < ' ' ? '?' : c;
        }
    }
    return result;
}

} // namespace

std::string xml_text(std::string_view text) {
    return escaped(text, "\n");
}

std::string xml_attribute(std::string_view text) {
    return escaped(text, "&#10;");
}

} // namespace loadgen
