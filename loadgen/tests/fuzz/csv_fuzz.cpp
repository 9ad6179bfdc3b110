// libFuzzer on the CSV reader: any text is rows or a named error, and rows that are written again read the
// same.
#include "storage/table/csv.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::array<std::string_view, 2> columns = {"name", "value"};
using Rows = std::vector<std::array<std::string, 2>>;

Rows read(const std::string& text) {
    Rows rows;
    try {
        std::istringstream input(text);
        loadgen::CsvReader reader(input, "input", columns);
        while (reader.next()) {
            rows.push_back({reader.field("name"), reader.field("value")});
            try {
                static_cast<void>(reader.integer("value"));
            } catch (const std::runtime_error&) {
            }
        }
    } catch (const std::runtime_error&) {
    }
    return rows;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Half of the inputs get the header that the reader wants, so that it comes to the rows.
    std::string text(data, data + size);
    if (size > 0 && (data[0] & 1) != 0)
        text = "name,value\n" + text.substr(1);
    const Rows rows = read(text);
    std::string again = "name,value\n";
    for (const auto& [name, value] : rows)
        again += loadgen::csv_quoted(name) + "," + loadgen::csv_quoted(value) + "\n";
    if (read(again) != rows)
        std::abort();
    return 0;
}
