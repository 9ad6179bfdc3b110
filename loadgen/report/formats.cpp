#include "report/formats.hpp"

#include "report/csv_format.hpp"
#include "report/json.hpp"
#include "report/regression_text.hpp"
#include "report/text.hpp"

#include <algorithm>
#include <array>

namespace loadgen {
namespace {

constexpr std::array table = {
    Format{"text", run_summary, regression_text},
    Format{"json", run_json, regression_json},
    Format{"csv", run_csv, regression_csv},
};

} // namespace

std::span<const Format> formats() {
    return table;
}

const Format* format_named(std::string_view name) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Format& format) { return format.name == name; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace loadgen
