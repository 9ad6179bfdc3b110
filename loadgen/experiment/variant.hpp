// A variant under regression, as --faulty and --fixed name it.
#pragma once

#include "client/url.hpp"
#include "verdict/regression.hpp"

#include <string>
#include <string_view>

namespace loadgen {

struct Variant {
    std::string name;
    Expectation expectation = Expectation::fixed;
    bool keep_alive = false;
    bool own_path = false; ///< given as NAME=PATH: need not say by X-Repro-Variant that it is NAME
    std::string path;      ///< absolute, or relative to the base URL
};

/// NAME, NAME,keep-alive or NAME=PATH[,keep-alive]; the path is NAME.dll unless given. Throws
/// std::invalid_argument.
Variant parse_variant(std::string_view text, Expectation expectation);

/// The base URL's query, if it has one, goes behind every variant's path.
Url variant_url(const std::string& base_url, const Variant& variant);

} // namespace loadgen
