#include "tests/script_server/verdict.hpp"

#include "measure/identities.hpp"
#include "tests/script_server/event_fields.hpp"
#include "tests/script_server/shares.hpp"
#include "tests/script_server/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace loadgen {
namespace {

/// At least, at most.
struct Range {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    void add(std::uint64_t fewest, std::uint64_t most) {
        low += fewest;
        high += most;
    }
};

// One examination with one state: too long for a file by six lines, and cut it would be read back and forth.
class Examination {
  public:
    explicit Examination(const Evidence& evidence) : evidence_(evidence) {
        for (std::size_t i = 0; i < ledger().size(); ++i) {
            const LedgerConnection& connection = ledger()[i];
            by_port_.emplace(connection.client_port, i);
            answerable_ += may_answer_unasked(connection) ? 1 : 0;
            for (const Serving& serving : connection.servings)
                servings_.emplace(serving.script, Served{i, serving, false});
        }
    }

    std::vector<Disagreement> run() {
        for (const Event& event : recording().events)
            examine(event);
        examine_answers();
        examine_starts();
        examine_looks();
        examine_totals();
        return std::move(found_);
    }

  private:
    struct Served {
        std::size_t connection; ///< in the ledger
        Serving serving;
        bool failed; ///< an event tells of it
    };

    const Ledger& ledger() const { return evidence_.ledger; }
    const Recording& recording() const { return evidence_.recording; }
    const Script& script(std::size_t number) const { return evidence_.play.scripts.at(number); }

    Circumstances circumstances_of(const Serving& serving) const {
        Circumstances circumstances = evidence_.play.circumstances;
        circumstances.reused = serving.reused;
        return circumstances;
    }
    std::vector<Way> ways_of(const Serving& serving) const {
        return loadgen::ways_of(script(serving.script), circumstances_of(serving));
    }

    void disagree(std::string what, std::optional<std::size_t> number = {}) {
        found_.push_back({std::move(what), number});
    }

    /// Attempts take the requests in turn, each thread from one of its own on.
    std::size_t script_of(const Event& event) const {
        return (event.worker + event.attempt - 1) % evidence_.play.scripts.size();
    }

    void examine(const Event& event) {
        const std::size_t number = script_of(event);
        examine_fields(event, number);
        bytes_.add(event.bytes_read, event.bytes_read);
        if (is_explained_by_serving(event, number) || is_explained_by_connection(event))
            return;
        std::string expected = "the server has not read its request from that port, and did "
                               "nothing to that connection that explains it";
        const auto [from, to] = servings_.equal_range(number);
        for (auto entry = from; entry != to; ++entry)
            if (port_of(entry->second) == event.local_port)
                expected = "it must be " + words(ways_of(entry->second.serving));
        disagree(fmt::format("{}, {} bytes read, from port {}, {} us old; {}{}",
                             words(event.outcome.phase == Phase::finish, event.outcome), event.bytes_read,
                             event.local_port, event.age.count(), expected,
                             story_of(ledger(), evidence_.play.scripts, event.local_port)),
                 number);
    }

    std::uint16_t port_of(const Served& served) const { return ledger()[served.connection].client_port; }

    bool is_explained_by_serving(const Event& event, std::size_t number) {
        const auto [from, to] = servings_.equal_range(number);
        for (auto entry = from; entry != to; ++entry) {
            Served& served = entry->second;
            if (served.failed || port_of(served) != event.local_port)
                continue;
            const std::vector<Way> ways = ways_of(served.serving);
            const auto way = std::find_if(ways.begin(), ways.end(), [&](const Way& candidate) {
                return candidate.failure == event.outcome && event.bytes_read >= candidate.fewest_bytes &&
                       event.bytes_read <= candidate.most_bytes;
            });
            if (way == ways.end())
                continue;
            served.failed = true;
            if (way->answered)
                ++by_status_.at(script(number).status / 100);
            return true;
        }
        return false;
    }

    /// The server has not read the request: something befell the connection before.
    bool is_explained_by_connection(const Event& event) {
        const auto [from, to] = by_port_.equal_range(event.local_port);
        const auto explains = [&](bool may_answer) {
            return std::find_if(from, to, [&](const auto& candidate) {
                const LedgerConnection& connection = ledger()[candidate.second];
                const std::vector<Outcome> possible = misfortunes_of(connection);
                return may_answer_unasked(connection) == may_answer &&
                       std::find(possible.begin(), possible.end(), event.outcome) != possible.end();
            });
        };
        auto reason = explains(false); // rather one that explains nothing else
        if (reason == to && (reason = explains(true)) != to)
            --answerable_;
        if (reason == to)
            return false;
        by_port_.erase(reason); // each befalls one attempt
        ++unserved_;
        by_status_.at(4) += event.outcome.phase == Phase::finish ? 1 : 0;
        not_established_ += event.outcome.phase == Phase::connect ? 1 : 0;
        return true;
    }

    std::vector<Outcome> misfortunes_of(const LedgerConnection& connection) const {
        if (connection.reception != Reception::normal)
            return failures_of(connection.reception, evidence_.play.circumstances);
        if (connection.servings.empty())
            return {};
        const Serving& last = connection.servings.back();
        return aftermath_of(script(last.script), circumstances_of(last));
    }

    void examine_fields(const Event& event, std::size_t number) {
        for (std::string& sentence : wrong_fields(event, number, evidence_.plan))
            disagree(std::move(sentence), number);
        if (!seen_.emplace(event.worker, event.attempt).second)
            disagree(fmt::format("the attempt {} has ended twice", event.attempt), number);
    }

    /// What was served and has no event was answered.
    void examine_answers() {
        for (const auto& [number, served] : servings_) {
            if (served.failed)
                continue;
            const std::vector<Way> ways = ways_of(served.serving);
            const auto way = std::find_if(ways.begin(), ways.end(), [](const Way& candidate) {
                return candidate.answered && !candidate.failure;
            });
            if (way == ways.end()) {
                disagree(fmt::format("no failure, where it must be {}", words(ways)), number);
                continue;
            }
            ++by_status_.at(script(number).status / 100);
            bytes_.add(way->fewest_bytes, way->most_bytes);
        }
    }

    /// A response to nothing can be taken for one only if a request was written: the server may have seen it.
    /// Over TLS it may have been read together with the handshake's last bytes.
    bool may_answer_unasked(const LedgerConnection& connection) const {
        return passes_for_response(connection.unasked) &&
               (!connection.is_read_on || connection.was_asked || evidence_.play.circumstances.tls);
    }

    /// No request is sent twice, none is left out.
    void examine_starts() {
        const std::uint64_t attempts = *evidence_.plan.requests;
        const std::uint64_t known = servings_.size() + unserved_;
        answered_unasked_ = attempts - std::min<std::uint64_t>(attempts, known);
        if (known > attempts || answered_unasked_ > answerable_)
            disagree(fmt::format("{} attempts, of which the server read {}, {} failed before, and {} at most "
                                 "were answered unasked",
                                 attempts, servings_.size(), unserved_, answerable_));
        bytes_.add(answered_unasked_ * bytes_of(Unasked::until_close).size(),
                   answered_unasked_ * bytes_of(Unasked::response).size());
        by_status_.at(4) += answered_unasked_;
        std::vector<std::uint64_t> left = attempts_by_script(evidence_.plan, evidence_.play.scripts.size());
        for (const auto& [number, served] : servings_)
            if (left[number]-- == 0)
                return disagree("the request was sent again", number);
    }

    /// What the client's kernel had when the client looked, the client knew.
    void examine_looks() {
        for (const LedgerConnection& connection : ledger()) {
            if (!connection.late)
                continue;
            const bool unlooked = evidence_.play.circumstances.pauses && connection.late->were_not_looked_for;
            if (!unlooked && !connection.late->were_looked_for)
                continue;
            disagree(fmt::format("a request came {} ns after what its client should have known: it had {}{}",
                                 connection.late->age.count(), unlooked ? "not looked" : "looked",
                                 story_of(ledger(), evidence_.play.scripts, connection.client_port)));
        }
    }

    void examine_totals() {
        const Counters& counters = recording().counters;
        if (const auto broken = broken_identity(recording(), nullptr))
            disagree(text(*broken));
        in_range("attempts", counters.attempts, {*evidence_.plan.requests, *evidence_.plan.requests});
        in_range("failures", recording().events.size(), {failures(counters), failures(counters)});
        const std::uint64_t connections = ledger().size() - not_established_;
        in_range("connections", counters.established, {connections, connections});
        // In the open loop a latency has the wait for a free connection in it, and a slow machine makes them
        // wait.
        if (is_patient() && !evidence_.plan.rate && recording().latency.max() >= evidence_.plan.timeout)
            disagree("an answer was seen only when its time was up");
        in_range("bytes", counters.bytes_read, bytes_);
        for (std::size_t digit = 1; digit < by_status_.size(); ++digit)
            in_range(fmt::format("answers of class {}", digit).c_str(), counters.by_status_class.at(digit),
                     {by_status_.at(digit), by_status_.at(digit)});
        const auto whole = static_cast<std::uint64_t>(
            std::count_if(servings_.begin(), servings_.end(), [&](const auto& entry) {
                return script(entry.first).reads >= script(entry.first).asks;
            }));
        in_range("requests sent", counters.requests_sent, {whole, counters.attempts});
        const auto abandoned = static_cast<std::uint64_t>(
            std::count_if(ledger().begin(), ledger().end(),
                          [&](const auto& connection) { return !misfortunes_of(connection).empty(); }));
        in_range("idle closes", counters.idle_closes, {0, abandoned});
        // What befalls a connection at rest is noticed before the attempt that it ends begins.
        if (!evidence_.plan.rate &&
            !std::is_sorted(recording().events.begin(), recording().events.end(),
                            [](const Event& a, const Event& b) { return a.time < b.time; }))
            disagree("the events are not in order of time");
    }

    bool is_patient() const { return loadgen::is_patient(evidence_.plan); }

    static std::uint64_t failures(const Counters& counters) {
        std::uint64_t sum = 0;
        for (const Cause cause : all_causes)
            sum += counters.of(cause);
        return sum;
    }

    void in_range(const char* what, std::uint64_t counted, Range range) {
        if (counted < range.low || counted > range.high)
            disagree(fmt::format("{} {} were counted where the ledger has {}{}", counted, what, range.low,
                                 range.high > range.low ? fmt::format(" to {}", range.high) : ""));
    }

    const Evidence& evidence_;
    std::multimap<std::uint16_t, std::size_t> by_port_; // connections that may still explain a failure
    std::multimap<std::size_t, Served> servings_;       // by script
    std::set<std::pair<unsigned, std::uint64_t>> seen_; // worker and attempt
    std::array<std::uint64_t, 6> by_status_{};          // answers
    Range bytes_;
    std::uint64_t unserved_ = 0;
    std::uint64_t answerable_ = 0; // connections whose attempt may have been answered unasked
    std::uint64_t answered_unasked_ = 0;
    std::uint64_t not_established_ = 0;
    std::vector<Disagreement> found_;
};

} // namespace

std::vector<Disagreement> disagreements(const Evidence& evidence) {
    return Examination(evidence).run();
}

} // namespace loadgen
