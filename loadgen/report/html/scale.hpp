// Where a value stands on an axis, and what the axis says.
#pragma once

#include <string>
#include <vector>

namespace loadgen {

struct Tick {
    double value;
    std::string label;
};

/// From values to coordinates, straight or by the logarithm. Values outside are drawn at the nearest end.
class Scale {
  public:
    enum class Kind { linear, logarithmic };

    /// first < last; both above 0 for a logarithmic one.
    Scale(Kind kind, double first, double last, double from, double to)
        : kind_(kind), first_(first), last_(last), from_(from), to_(to) {}

    double operator()(double value) const;
    double first() const { return first_; }
    double last() const { return last_; }

  private:
    Kind kind_;
    double first_;
    double last_;
    double from_;
    double to_;
};

/// Round values within, at most about so many.
std::vector<double> round_values(double first, double last, std::size_t most);
/// The least of 1, 2 and 5 times a power of ten that is not below it. value > 0
double round_up(double value);
/// Powers of ten within, both ends included.
std::vector<double> powers_of_ten(double first, double last);

} // namespace loadgen
