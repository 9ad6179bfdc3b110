#include "report/regression_text.hpp"

#include "report/regression_table.hpp"
#include "report/verdict_text.hpp"

namespace loadgen {

std::string regression_text(const RegressionResult& result) {
    std::string table = regression_table(result);
    if (!result.has_verdict())
        return table;
    std::string text = table + "\n";
    if (!result.pairs.empty())
        text += comparison_lines(result.pairs, result.claim.counted) + "\n";
    return text + verdict_text(result) + certainty_text(result);
}

} // namespace loadgen
