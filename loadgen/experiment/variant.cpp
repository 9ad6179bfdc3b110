#include "experiment/variant.hpp"

#include "measure/shown.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace loadgen {
namespace {

constexpr std::string_view keep_alive_suffix = ",keep-alive";

} // namespace

Variant parse_variant(std::string_view text, Expectation expectation) {
    std::string_view rest = text;
    Variant variant{.expectation = expectation};
    if (rest.ends_with(keep_alive_suffix)) {
        variant.keep_alive = true;
        rest.remove_suffix(keep_alive_suffix.size());
    }
    const auto equals = rest.find('=');
    const std::string name(rest.substr(0, equals));
    variant.own_path = equals != std::string_view::npos;
    variant.path = variant.own_path ? std::string(rest.substr(equals + 1)) : name + ".dll";
    variant.name = shown_target(name);
    // Else what follows the = would be the value of a parameter.
    const bool names_path = variant.own_path && name.find_first_of("/?;#&") != std::string::npos;
    if (name.empty() || variant.path.empty() || rest.find(',') != std::string_view::npos || names_path)
        throw std::invalid_argument(fmt::format(
            "'{}' is not of the form NAME, NAME,keep-alive or NAME=PATH[,keep-alive]", shown_variant(text)));
    return variant;
}

Url variant_url(const std::string& base_url, const Variant& variant) {
    parse_url(base_url); // so that an error is about what the user wrote
    const auto question = base_url.find('?');
    std::string text = base_url.substr(0, question);
    if (variant.path.starts_with('/')) {
        const auto authority = text.find("://") + 3;
        text.erase(std::min(text.find('/', authority), text.size()));
    } else if (!text.ends_with('/')) {
        text += '/';
    }
    text += variant.path;
    if (question != std::string::npos)
        text += base_url.substr(question);
    return parse_url(text);
}

} // namespace loadgen
