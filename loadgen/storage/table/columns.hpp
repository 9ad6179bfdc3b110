// A CSV file as a table of typed rows. A column's name, writer and reader stand in one line, so that header,
// rows and readers can't drift apart.
#pragma once

#include "storage/table/csv.hpp"
#include "storage/table/field.hpp"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

/// A column of a file with rows of this type. Row::columns() lists them all.
template <class Row>
struct Column {
    std::string_view name;
    std::string (*write)(const Row&);
    void (*read)(Row&, const Field&) = nullptr; ///< nullptr: it follows from others, and is not read
    bool may_lack = false; ///< files of older versions do not have it: a row then stays as it is made
};

/// The same column, which files of older versions do not have.
template <class Row>
constexpr Column<Row> since_later(Column<Row> column) {
    column.may_lack = true;
    return column;
}

template <class Member>
struct OwnerOf;
template <class Row, class Value>
struct OwnerOf<Value Row::*> {
    using type = Row;
};

/// The column of a member, or of a member's member: column<&RunRow::info, &BlockInfo::label>("label").
template <auto first, auto... further>
constexpr auto column(std::string_view name) {
    using Row = typename OwnerOf<decltype(first)>::type;
    return Column<Row>{name, [](const Row& row) { return to_field(((row.*first).*....*further)); },
                       [](Row& row, const Field& field) { from_field(field, ((row.*first).*....*further)); }};
}

/// The same of a text that may hold secrets, which an older loadgen wrote: `shown` leaves them out.
template <std::string (*shown)(std::string_view), auto first, auto... further>
constexpr auto shown_column(std::string_view name) {
    using Row = typename OwnerOf<decltype(first)>::type;
    Column<Row> plain = column<first, further...>(name);
    plain.read = [](Row& row, const Field& field) { ((row.*first).*....*further) = shown(field.text()); };
    return plain;
}

template <class Row>
using Columns = std::span<const Column<Row>>;

using ColumnNames = std::initializer_list<std::string_view>;

/// The columns of these names, in this order.
template <class Row>
std::vector<Column<Row>> columns_named(ColumnNames names) {
    std::vector<Column<Row>> chosen;
    for (const std::string_view name : names) {
        const Columns<Row> all = Row::columns();
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const Column<Row>& one) { return one.name == name; });
        if (found == all.end())
            throw std::logic_error("there is no column " + std::string(name));
        chosen.push_back(*found);
    }
    return chosen;
}

template <class Row>
std::vector<std::string_view> names_of(const std::vector<Column<Row>>& columns) {
    std::vector<std::string_view> names;
    names.reserve(columns.size());
    for (const Column<Row>& column : columns)
        names.push_back(column.name);
    return names;
}

/// Appends rows to a file.
template <class Row>
class RowWriter {
  public:
    /// With all columns. Throws as CsvWriter does.
    explicit RowWriter(const std::filesystem::path& path)
        : RowWriter(path, std::vector(Row::columns().begin(), Row::columns().end())) {}
    RowWriter(const std::filesystem::path& path, ColumnNames names)
        : RowWriter(path, columns_named<Row>(names)) {}

    /// Keeps the row until flush.
    void add(const Row& row) {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            fields_[i] = columns_[i].write(row);
        file_.add(fields_);
    }
    /// Throws OutputError if the disk doesn't take it.
    void flush() { file_.flush(); }

  private:
    RowWriter(const std::filesystem::path& path, std::vector<Column<Row>> columns)
        : columns_(std::move(columns)), fields_(columns_.size()), file_(path, names_of(columns_)) {}

    std::vector<Column<Row>> columns_;
    std::vector<std::string> fields_; // of one row
    CsvWriter file_;
};

/// Reads a file row by row.
template <class Row>
class RowReader {
  public:
    /// All columns that do not follow from others. Throws as CsvReader does.
    explicit RowReader(const std::filesystem::path& path) : RowReader(path, read_columns()) {}
    /// Only these; what else stands in the file does not matter, and what else a row has stays as it is.
    RowReader(const std::filesystem::path& path, ColumnNames names)
        : RowReader(path, columns_named<Row>(names)) {}
    /// The same, and the file may lack these of them.
    RowReader(const std::filesystem::path& path, ColumnNames names, ColumnNames may_lack)
        : RowReader(path, lacking(columns_named<Row>(names), may_lack)) {}

    /// Whether the file has this column, of those that it may lack.
    bool has(std::string_view name) const { return file_.has(name); }

    /// Nothing at the end. Throws std::runtime_error, naming file, line and column, of what can't be read.
    std::optional<Row> next() {
        if (!file_.next())
            return std::nullopt;
        std::optional<Row> row(std::in_place);
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (positions_[i])
                columns_[i].read(*row, Field(file_, *positions_[i]));
        return row;
    }

    /// Of the last row: 'FILE' line N.
    std::string place() const { return file_.place(); }

  private:
    RowReader(const std::filesystem::path& path, std::vector<Column<Row>> columns)
        : columns_(std::move(columns)), file_(path, names_of(required(columns_))) {
        for (const Column<Row>& column : columns_)
            positions_.push_back(file_.has(column.name) ? std::optional(file_.position(column.name))
                                                        : std::nullopt);
    }

    static std::vector<Column<Row>> lacking(std::vector<Column<Row>> columns, ColumnNames names) {
        for (Column<Row>& column : columns)
            column.may_lack = std::find(names.begin(), names.end(), column.name) != names.end();
        return columns;
    }

    static std::vector<Column<Row>> required(std::vector<Column<Row>> columns) {
        std::erase_if(columns, [](const Column<Row>& column) { return column.may_lack; });
        return columns;
    }

    static std::vector<Column<Row>> read_columns() {
        std::vector<Column<Row>> columns;
        for (const Column<Row>& column : Row::columns())
            if (column.read != nullptr)
                columns.push_back(column);
        return columns;
    }

    std::vector<Column<Row>> columns_;
    CsvReader file_;
    std::vector<std::optional<std::size_t>> positions_; // of the columns in it; none: it lacks that one
};

} // namespace loadgen
