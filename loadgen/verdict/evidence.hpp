// Evidence that may be looked at as often as one likes, and acted upon at any look: e-processes. Where the
// hypothesis is true, the chance that its e-value ever comes to 1/alpha is at most alpha (Ville, "Étude
// critique de la notion de collectif", 1939; Ramdas, Grünwald, Vovk and Shafer, arXiv:2210.01948). All values
// here are natural logarithms: they are far from what a double can hold otherwise.
#pragma once

#include "verdict/rate.hpp"

#include <cstddef>

namespace loadgen {

/// The value at which a hypothesis is given up: ln(1 / (1 - confidence)).
double decisive(double confidence);

/// Against "its rate is above the limit": a mixture of likelihood ratios to the limit of lower rates, half of
/// the weight on 0. 0 < limit < 1.
double evidence_of_holding(const Count& count, double limit);

/// Against "its rate is at or below the limit": the mirror, of higher rates.
double evidence_of_exceeding(const Count& count, double limit);

/// The rates that the counts do not speak against with this confidence, however often one looks: those whose
/// likelihood ratio to the Beta(1/2, 1/2) mixture of all rates stays below decisive() (Robbins, "Statistical
/// methods related to the law of the iterated logarithm", 1970).
RateInterval anytime_interval(const Count& count, double confidence);

/// The limits from here on are those that evidence_of_holding has decided on: the rate is below it, with this
/// confidence, however often one looks.
double anytime_upper_bound(const Count& count, double confidence);

/// Against "the one does not reset more often than the other", round by round. Bets on the rates of earlier
/// rounds only (Turner, Ly and Grünwald, arXiv:2106.02693), each attempt independent of the others.
class IndependentEvidence {
  public:
    /// What the two did in a round.
    void add(const Count& more, const Count& fewer);
    double value() const { return value_; }

  private:
    Count more_;
    Count fewer_;
    double value_ = 0;
};

/// Against "the mean of the differences is at most 0", whatever the attempts of one round have to do with
/// each other: a bet on the difference of rates in whole rounds (Waudby-Smith and Ramdas, arXiv:2010.09686).
/// It needs rounds, not attempts: 24 of them for 34 % against 0 at 99.9 %.
class RoundEvidence {
  public:
    /// lowest: what a difference can be at the least, below 0.
    explicit RoundEvidence(double lowest) : lowest_(lowest) {}
    void add(double difference);
    double value() const { return value_; }

  private:
    double lowest_;
    std::size_t rounds_ = 0;
    double sum_ = 0; // of the differences
    double sum_of_squares_ = 0;
    double value_ = 0;
};

} // namespace loadgen
