// The page's style sheet: an extra. Without it the page is black on white and in order.
#pragma once

#include <string>

namespace loadgen {

std::string style_sheet();

} // namespace loadgen
