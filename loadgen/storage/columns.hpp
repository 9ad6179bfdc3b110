// A CSV file as a list of columns, each with its name and what stands in it: header and rows can't drift
// apart.
#pragma once

#include "storage/csv.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace loadgen {

template <class Row>
struct Column {
    std::string_view name;
    std::string (*value)(const Row&);
};

template <class Row, std::size_t Size>
constexpr std::array<std::string_view, Size> names_of(const std::array<Column<Row>, Size>& columns) {
    std::array<std::string_view, Size> names;
    for (std::size_t i = 0; i < Size; ++i)
        names[i] = columns[i].name;
    return names;
}

template <class Row, std::size_t Size>
void add_row(CsvWriter& file, const std::array<Column<Row>, Size>& columns, const Row& row) {
    std::array<std::string, Size> fields;
    for (std::size_t i = 0; i < Size; ++i)
        fields[i] = columns[i].value(row);
    file.add(fields);
}

/// A number as a field.
std::string text(auto number) {
    return fmt::format("{}", number);
}

} // namespace loadgen
