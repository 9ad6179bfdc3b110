#include "report/csv.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace loadgen {
namespace {

std::string joined(auto&& fields) {
    std::string line;
    for (const auto& field : fields) {
        if (!line.empty() || &field != &*fields.begin())
            line += ',';
        line += csv_quoted(field);
    }
    return line += "\n";
}

} // namespace

std::string csv_quoted(std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(field);
    std::string quoted = "\"";
    for (const char c : field) {
        quoted += c;
        if (c == '"')
            quoted += c;
    }
    return quoted += '"';
}

CsvWriter::CsvWriter(const std::filesystem::path& path, std::span<const std::string_view> columns)
    : path_(path) {
    const std::string header = joined(columns);
    std::string first_line;
    if (std::ifstream existing(path);
        existing && std::getline(existing, first_line) && first_line + "\n" != header)
        throw std::runtime_error(fmt::format(
            "'{}' has other columns than this version writes: choose another folder", path.string()));
    file_.open(path, std::ios::app | std::ios::binary);
    if (!file_)
        throw std::runtime_error(fmt::format("cannot write '{}'", path.string()));
    if (first_line.empty()) {
        rows_ = header;
        flush();
    }
}

void CsvWriter::add(std::span<const std::string> fields) {
    rows_ += joined(fields);
}

void CsvWriter::flush() {
    file_ << rows_ << std::flush;
    rows_.clear();
    if (!file_)
        throw std::runtime_error(fmt::format("cannot write '{}': is the disk full?", path_.string()));
}

CsvReader::CsvReader(const std::filesystem::path& path, std::span<const std::string_view> wanted)
    : file_(path, std::ios::binary), input_(&file_), name_(path.string()) {
    if (!file_)
        throw std::runtime_error(fmt::format("cannot read '{}'", name_));
    read_header(wanted);
}

CsvReader::CsvReader(std::istream& input, std::string name, std::span<const std::string_view> wanted)
    : input_(&input), name_(std::move(name)) {
    read_header(wanted);
}

void CsvReader::read_header(std::span<const std::string_view> wanted) {
    std::vector<std::string> names;
    if (!read_row(names))
        throw std::runtime_error(fmt::format("'{}' has no header line", name_));
    for (std::size_t i = 0; i < names.size(); ++i)
        columns_.emplace(names[i], i);
    for (const std::string_view column : wanted)
        if (!columns_.contains(column))
            throw std::runtime_error(fmt::format("'{}' has no column '{}'", name_, column));
}

bool CsvReader::next() {
    if (!read_row(fields_))
        return false;
    if (fields_.size() != columns_.size())
        throw std::runtime_error(fmt::format("'{}' line {}: {} fields where the header has {}", name_, line_,
                                             fields_.size(), columns_.size()));
    return true;
}

bool CsvReader::read_row(std::vector<std::string>& fields) {
    fields.assign(1, {});
    line_ = lines_read_ + 1;
    bool quoted = false;
    for (int c = input_->get(); c != std::istream::traits_type::eof(); c = input_->get()) {
        const char character = static_cast<char>(c);
        lines_read_ += character == '\n' ? 1 : 0;
        if (quoted) {
            if (character != '"')
                fields.back() += character;
            else if (input_->peek() == '"')
                fields.back() += static_cast<char>(input_->get());
            else
                quoted = false;
        } else if (character == '"' && fields.back().empty()) {
            quoted = true;
        } else if (character == ',') {
            fields.emplace_back();
        } else if (character == '\n') {
            return true;
        } else if (character != '\r') {
            fields.back() += character;
        }
    }
    return false;
}

const std::string& CsvReader::field(std::string_view column) const {
    return fields_.at(columns_.find(column)->second);
}

std::int64_t CsvReader::integer(std::string_view column) const {
    const std::string& text = field(column);
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end || text.empty())
        throw std::runtime_error(
            fmt::format("'{}' line {}: {} '{}' is not a whole number", name_, line_, column, text));
    return number;
}

} // namespace loadgen
