#include "report/html/series.hpp"

#include <array>

namespace loadgen {

std::string_view dashes_of(std::size_t index) {
    static constexpr std::array<std::string_view, 6> dashes = {"", "7 3", "2 3", "9 3 2 3", "1 4", "12 5"};
    return dashes.at(index % dashes.size());
}

} // namespace loadgen
