// Values as fields of a CSV file, and back: one form for each type.
#pragma once

#include "measure/outcome.hpp"
#include "measure/run_ending.hpp"
#include "storage/table/csv.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen {

/// A field of the row that a reader stands on.
class Field {
  public:
    /// The reader must outlive it.
    Field(const CsvReader& row, std::size_t position) : row_(row), position_(position) {}

    const std::string& text() const { return row_.field(position_); }
    std::uint64_t count() const { return row_.count(position_); }
    std::int64_t integer() const { return row_.integer(position_); }
    double number() const { return row_.number(position_); }

    /// Throws std::runtime_error: file, line, column and text, which "is no port", say.
    [[noreturn]] void refuse(std::string_view reason) const;

  private:
    const CsvReader& row_;
    std::size_t position_;
};

std::string to_field(const std::string& text);
std::string to_field(std::uint64_t count);
std::string to_field(unsigned count);
std::string to_field(int number);
/// Six significant digits: a figure that was worked out from counts.
std::string to_field(double number);
/// As it was given; empty: none.
std::string to_field(const std::optional<double>& number);
std::string to_field(const std::optional<std::uint64_t>& count);
std::string to_field(std::chrono::microseconds time);
std::string to_field(const std::optional<std::chrono::microseconds>& time);
/// In seconds, to the microsecond.
std::string to_field(std::chrono::nanoseconds time);
/// ISO 8601, to the microsecond.
std::string to_field(std::chrono::system_clock::time_point time);
std::string to_field(Cause cause);
std::string to_field(Phase phase);
std::string to_field(const RunEnding& ending);

// These throw std::runtime_error, naming file, line and column, if the field is no such thing.

void from_field(const Field& field, std::string& text);
void from_field(const Field& field, std::uint64_t& count);
void from_field(const Field& field, unsigned& count);
void from_field(const Field& field, int& number);
void from_field(const Field& field, double& number);
void from_field(const Field& field, std::optional<double>& number);
void from_field(const Field& field, std::optional<std::uint64_t>& count);
void from_field(const Field& field, std::chrono::microseconds& time);
void from_field(const Field& field, std::optional<std::chrono::microseconds>& time);
void from_field(const Field& field, std::chrono::nanoseconds& time);
void from_field(const Field& field, std::chrono::system_clock::time_point& time);
void from_field(const Field& field, Cause& cause);
void from_field(const Field& field, Phase& phase);
void from_field(const Field& field, RunEnding& ending);

/// A port, 0 to 65535. Where there is no address there need be none: then it is 0.
std::uint16_t port_in(const Field& field, const std::string& address);

} // namespace loadgen
