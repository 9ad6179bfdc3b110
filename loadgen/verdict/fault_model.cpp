#include "verdict/fault_model.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace loadgen {

double predicted_reset_rate(double silent_clients, unsigned outstanding) {
    if (!(silent_clients > 0))
        return 0;
    // More than so many are never silent at a time: ten standard deviations above the mean without resets.
    const auto most =
        static_cast<std::size_t>(outstanding + silent_clients + 10 * std::sqrt(silent_clients) + 20);
    // What goes up past n must come down past it, from n + 1 and, by two, from n + 2. From the top downwards
    // all terms are positive, and no digit is lost.
    std::vector<double> weights(most + 3);
    weights[most] = 1;
    double sum = 1;
    for (std::size_t n = most; n-- > 0;) {
        double down = weights[n + 1] * static_cast<double>(n + 1);
        if (n + 2 > outstanding)
            down += weights[n + 2] * static_cast<double>(n + 2);
        weights[n] = down / silent_clients;
        sum += weights[n];
        if (sum > 1e200) { // only their ratios matter
            for (double& weight : weights)
                weight /= sum;
            sum = 1;
        }
    }
    double resets = 0;
    for (std::size_t n = outstanding + 1; n <= most; ++n)
        resets += weights[n] * static_cast<double>(n);
    return resets / sum / silent_clients;
}

} // namespace loadgen
