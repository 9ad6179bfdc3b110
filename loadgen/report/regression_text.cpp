#include "report/regression_text.hpp"

#include "report/regression_table.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

namespace loadgen {

std::string regression_text(const RegressionResult& result) {
    const std::string table = regression_table(result);
    if (!result.is_whole)
        return table;
    return fmt::format("{}\n{}\n{}", table, comparison_lines(result.pairs, result.claim.counted),
                       verdict_text(result));
}

} // namespace loadgen
