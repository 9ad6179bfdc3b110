#include "experiment/regression.hpp"

#include "experiment/block.hpp"
#include "experiment/preflight.hpp"
#include "process/exit_code.hpp"
#include "process/run_id.hpp"
#include "verdict/evidence.hpp"
#include "verdict/standing.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace loadgen {
namespace {

void check_answer(const PreflightAnswer& answer, const Variant& variant, const std::string& url) {
    if (answer.status / 100 != 2)
        throw InvalidError(fmt::format(
            "{}: answered with status {}: is the DLL there, and allowed to execute?", url, answer.status));
    if (answer.variant.empty() && variant.own_path)
        return;
    if (answer.variant.empty())
        throw InvalidError(fmt::format("{}: the answer has no X-Repro-Variant, so it is not the DLL '{}'; "
                                       "for a DLL of your own give NAME=PATH",
                                       url, variant.name));
    if (answer.variant != variant.name)
        throw InvalidError(
            fmt::format("{}: the variant '{}' answers there, not '{}'", url, answer.variant, variant.name));
}

} // namespace

Regression::Regression(RegressionSettings settings) : settings_(std::move(settings)), run_id_(new_run_id()) {
    for (const Variant& variant : settings_.variants) {
        Subject subject{.variant = variant, .load = settings_.load};
        subject.load.keep_alive = variant.keep_alive || settings_.load.keep_alive;
        subject.target = make_target(variant_url(settings_.base_url, variant), subject.load);
        subject.info = block_info(run_id_, variant.name, std::string(name(variant.expectation)), subject.load,
                                  subject.target);
        subjects_.push_back(std::move(subject));
        counts_.push_back({.label = variant.name, .expectation = variant.expectation});
    }
}

void Regression::check_variants() const {
    for (const Subject& subject : subjects_)
        for (const Server* const server : *subject.target.servers->now())
            check_answer(preflight(subject.target, *server, subject.load.timeout), subject.variant,
                         subject.target.url.text);
}

RegressionResult Regression::run(ProgressLine& progress, const BlockListener& listener) {
    const Course& course = settings_.course;
    const Plan plan =
        course.rounds ? fixed_rounds(*course.rounds) : until_decided(settings_.claim, course.max_attempts);
    Decision decision = plan(counts_);
    for (std::size_t done = 0; decision.next; ++done) {
        const Subject& subject = subjects_[*decision.next];
        progress.begin_block(subject.variant.name, part_of_block(done));
        if (!run_block_of(*decision.next, done + 1, progress, listener).is_whole())
            return result(std::nullopt);
        decision = plan(counts_);
        if (subject.variant.expectation == Expectation::faulty && decision.next)
            std::this_thread::sleep_for(settings_.settle);
    }
    return result(decision.stop);
}

// A variant's share of what is to be done: of its blocks or, until decided, of the evidence.
Span Regression::part_of_block(std::size_t done) const {
    const auto number = static_cast<double>(done);
    if (settings_.course.rounds) {
        const auto all = static_cast<double>(*settings_.course.rounds * subjects_.size());
        return {number / all, (number + 1) / all};
    }
    const std::vector<Standing> standing = standings(counts_, settings_.claim);
    double share = 0;
    for (const Standing& one : standing)
        share += is_decided(one, settings_.claim)
                     ? 1
                     : std::clamp(one.evidence / decisive(settings_.claim.confidence), 0.0, 1.0);
    share /= static_cast<double>(standing.size());
    return {share, number == 0 ? 0.1 : share + share / number};
}

RunEnding Regression::run_block_of(std::size_t index, std::size_t number, ProgressLine& progress,
                                   const BlockListener& listener) {
    Subject& subject = subjects_[index];
    BlockInfo info = subject.info;
    info.run_id += fmt::format(".{:03}", number);
    const Recording block =
        run_block(subject.load, subject.target, progress,
                  [&](std::span<const Event> events) { listener.on_events(info, events); });
    listener.on_block(info, block);
    const Counters& counters = block.counters;
    counts_[index].blocks.push_back({count_of(settings_.claim.counted, counters), counters.attempts});
    counts_[index].lost += Count{counters.lost(), counters.attempts};
    subject.recording.add_later(block);
    subject.stretches.push_back(stretch_of(block));
    if (const auto warning = local_faults(block); warning && !block.ended.is_invalid())
        spdlog::warn(*warning);
    return block.ended;
}

RegressionResult Regression::result(std::optional<Stop> stop) {
    std::vector<VariantLoads> loads;
    for (std::size_t i = 0; i < subjects_.size(); ++i)
        loads.push_back({subjects_[i].info, std::move(subjects_[i].recording), counts_[i],
                         std::move(subjects_[i].stretches)});
    Course course = settings_.course;
    course.stop = stop;
    return regression_result(std::move(loads), settings_.claim, course);
}

} // namespace loadgen
