// CSV files after RFC 4180: one header line, UTF-8; written whole lines at a time, read by column name.
#pragma once

#include "process/output_error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

/// The field as a CSV file has it: quoted if it holds a comma, a quote or a line break.
std::string csv_quoted(std::string_view field);

/// A row with its line break.
std::string csv_line(std::span<const std::string> fields);

/// Appends rows to a file, which gets the header line if it is new. Each write is of whole lines, so that a
/// killed run leaves a readable file.
class CsvWriter {
  public:
    /// Cuts off what a killed run may have left behind the last whole row. Throws std::runtime_error, naming
    /// the file, if it cannot be written or begins with another header.
    CsvWriter(const std::filesystem::path& path, std::span<const std::string_view> columns);

    /// Keeps the row until flush.
    void add(std::span<const std::string> fields);
    /// Throws OutputError if the disk doesn't take it.
    void flush();

  private:
    std::filesystem::path path_;
    std::ofstream file_;
    std::string rows_;
};

/// Reads a file row by row.
class CsvReader {
  public:
    /// Throws std::runtime_error, naming the file, if it cannot be read, has no header, or lacks a wanted
    /// column.
    CsvReader(const std::filesystem::path& path, std::span<const std::string_view> wanted);
    /// The same from a stream, `name` standing for the file in errors.
    CsvReader(std::istream& input, std::string name, std::span<const std::string_view> wanted);

    /// False at the end. A last line without its line break is that of a killed run: it is left out. Throws
    /// std::runtime_error, naming file and line, if a row has another number of fields than the header.
    bool next();

    bool has(std::string_view column) const { return columns_.contains(column); }
    /// Where a column stands, which must be there: of those of one name the first.
    std::size_t position(std::string_view column) const { return columns_.find(column)->second; }

    // The field of the current row at a position.

    const std::string& field(std::size_t position) const { return fields_.at(position); }
    /// As a whole number; throws std::runtime_error, naming file, line and column, if it is none.
    std::int64_t integer(std::size_t position) const;
    /// As a whole number that isn't negative, or as any number; these throw likewise.
    std::uint64_t count(std::size_t position) const;
    double number(std::size_t position) const;
    const std::string& column(std::size_t position) const { return names_.at(position); }

    // The field of the current row in a column.

    const std::string& field(std::string_view column) const { return field(position(column)); }
    std::int64_t integer(std::string_view column) const { return integer(position(column)); }
    std::uint64_t count(std::string_view column) const { return count(position(column)); }
    double number(std::string_view column) const { return number(position(column)); }

    /// Of the current row: 'FILE' line N.
    std::string place() const;

  private:
    template <class Number>
    Number parsed(std::size_t position, std::string_view kind) const;
    void read_header(std::span<const std::string_view> wanted);
    bool read_row(std::vector<std::string>& fields);

    std::ifstream file_;
    std::istream* input_;
    std::string name_;
    std::size_t line_ = 0; // of the current row's beginning
    std::size_t lines_read_ = 0;
    std::vector<std::string> names_; // of the columns
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::vector<std::string> fields_;
};

} // namespace loadgen
