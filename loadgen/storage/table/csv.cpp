#include "storage/table/csv.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <streambuf>
#include <system_error>

namespace loadgen {
namespace {

struct Existing {
    std::uintmax_t size = 0;
    std::uintmax_t whole = 0; // up to the end of the last whole row
    std::string first_line;   // with its line break, if it has one
};

Existing examine(const std::filesystem::path& path) {
    Existing existing;
    if (!std::filesystem::is_regular_file(path)) // a pipe or device has nothing to go on from
        return existing;
    std::ifstream file(path, std::ios::binary);
    bool quoted = false;
    std::array<char, 65536> piece{};
    while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
        for (const char c : std::span(piece).first(static_cast<std::size_t>(file.gcount()))) {
            ++existing.size;
            if (existing.whole == 0)
                existing.first_line += c;
            quoted ^= c == '"';
            if (c == '\n' && !quoted)
                existing.whole = existing.size;
        }
    }
    return existing;
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

std::string csv_line(std::span<const std::string> fields) {
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0)
            line += ',';
        line += csv_quoted(fields[i]);
    }
    return line += '\n';
}

CsvWriter::CsvWriter(const std::filesystem::path& path, std::span<const std::string_view> columns)
    : path_(path) {
    const std::string header = csv_line(std::vector<std::string>(columns.begin(), columns.end()));
    const Existing existing = examine(path);
    if (!header.starts_with(existing.first_line) || (existing.whole > 0 && existing.first_line != header))
        throw std::runtime_error(fmt::format(
            "'{}' has other columns than this version writes: choose another folder", path.string()));
    if (existing.whole < existing.size)
        std::filesystem::resize_file(path, existing.whole);
    file_.open(path, std::ios::app | std::ios::binary);
    if (!file_)
        throw std::runtime_error(fmt::format("cannot write '{}'", path.string()));
    if (existing.whole == 0) {
        rows_ = header;
        flush();
    }
}

void CsvWriter::add(std::span<const std::string> fields) {
    rows_ += csv_line(fields);
}

void CsvWriter::flush() {
    file_ << rows_ << std::flush;
    rows_.clear();
    if (!file_)
        throw OutputError(
            fmt::format("cannot write '{}': {}", path_.string(), std::generic_category().message(errno)));
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
    if (!read_row(names_))
        throw std::runtime_error(fmt::format("'{}' has no header line", name_));
    for (std::size_t i = 0; i < names_.size(); ++i)
        columns_.emplace(names_[i], i);
    for (const std::string_view column : wanted)
        if (!columns_.contains(column))
            throw std::runtime_error(fmt::format("'{}' has no column '{}'", name_, column));
}

bool CsvReader::next() {
    if (!read_row(fields_))
        return false;
    if (fields_.size() != names_.size())
        throw std::runtime_error(
            fmt::format("{}: {} fields where the header has {}", place(), fields_.size(), names_.size()));
    return true;
}

// Straight from the buffer, into strings that have their memory: files of a hundred megabytes are read here.
bool CsvReader::read_row(std::vector<std::string>& fields) {
    using Traits = std::streambuf::traits_type;
    std::streambuf& bytes = *input_->rdbuf();
    line_ = lines_read_ + 1;
    std::size_t begun = 0;
    const auto next_field = [&]() -> std::string* {
        if (begun == fields.size())
            fields.emplace_back();
        fields[begun].clear();
        return &fields[begun++];
    };
    std::string* field = next_field();
    bool quoted = false;
    for (int c = bytes.sbumpc(); c != Traits::eof(); c = bytes.sbumpc()) {
        const char character = Traits::to_char_type(c);
        lines_read_ += character == '\n' ? 1 : 0;
        if (quoted) {
            if (character != '"')
                field->push_back(character);
            else if (bytes.sgetc() == Traits::to_int_type('"'))
                field->push_back(Traits::to_char_type(bytes.sbumpc()));
            else
                quoted = false;
        } else if (character == '"' && field->empty()) {
            quoted = true;
        } else if (character == ',') {
            field = next_field();
        } else if (character == '\n') {
            fields.resize(begun);
            return true;
        } else if (character != '\r') {
            field->push_back(character);
        }
    }
    return false;
}

template <class Number>
Number CsvReader::parsed(std::size_t position, std::string_view kind) const {
    const std::string& text = field(position);
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end || text.empty())
        throw std::runtime_error(fmt::format("{}: {} '{}' is not {}", place(), column(position), text, kind));
    return number;
}

std::int64_t CsvReader::integer(std::size_t position) const {
    return parsed<std::int64_t>(position, "a whole number");
}

std::uint64_t CsvReader::count(std::size_t position) const {
    return parsed<std::uint64_t>(position, "a count");
}

double CsvReader::number(std::size_t position) const {
    return parsed<double>(position, "a number");
}

std::string CsvReader::place() const {
    return fmt::format("'{}' line {}", name_, line_);
}

} // namespace loadgen
