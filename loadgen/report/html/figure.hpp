// A figure of the page: a picture, and the numbers in it as a table.
#pragma once

#include <string>
#include <vector>

namespace loadgen {

/// The header first. The first column is words, the others numbers.
using TableRows = std::vector<std::vector<std::string>>;

struct Figure {
    std::string title;   ///< what it shows
    std::string remark;  ///< how to read it, in a sentence or two
    std::string picture; ///< SVG, or HTML of its own
    TableRows table;     ///< empty: the picture is a table itself
};

} // namespace loadgen
