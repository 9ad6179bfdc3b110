#include "report/html/scale.hpp"

#include <algorithm>
#include <cmath>

namespace loadgen {

double Scale::operator()(double value) const {
    const double within = std::clamp(value, first_, last_);
    const double part = kind_ == Kind::linear
                            ? (within - first_) / (last_ - first_)
                            : (std::log(within) - std::log(first_)) / (std::log(last_) - std::log(first_));
    return from_ + part * (to_ - from_);
}

double round_up(double value) {
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= value * (1 - 1e-9))
            return step * power;
    return 10 * power;
}

std::vector<double> round_values(double first, double last, std::size_t most) {
    std::vector<double> values;
    if (!(last > first))
        return values;
    const double step = round_up((last - first) / static_cast<double>(most));
    for (double number = std::ceil(first / step); number * step <= last * (1 + 1e-9); ++number)
        values.push_back(number * step);
    return values;
}

std::vector<double> powers_of_ten(double first, double last) {
    std::vector<double> values;
    for (double power = std::ceil(std::log10(first) - 1e-9); power <= std::log10(last) + 1e-9; ++power)
        values.push_back(std::pow(10, power));
    return values;
}

} // namespace loadgen
